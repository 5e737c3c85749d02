import { describe, expect, it } from "vitest";
import { withRetries } from "./transaction";

/** Fails so often with `code`, as the driver does, and then works; answers how often it ran. */
async function runsOf(fault: { code?: string; constraint_name?: string }, failures: number) {
  let runs = 0;
  const work = async () => {
    runs += 1;
    if (runs <= failures) throw Object.assign(new Error("the database failed"), fault);
    return "done";
  };
  const ended = await withRetries(work).catch(() => "failed");
  return { runs, ended };
}

describe("work that fails", () => {
  it.each([
    ["a deadlock", { code: "40P01" }],
    ["a serialization failure", { code: "40001" }],
    ["a race on a business event", { code: "23505", constraint_name: "ledger_entries_source_step_key" }],
    ["a race on what an entry undoes", { code: "23505", constraint_name: "ledger_entries_reverses_key" }],
  ])("by %s runs again", async (_, fault) => {
    expect(await runsOf(fault, 1)).toEqual({ runs: 2, ended: "done" });
  });

  it("by a race at every attempt runs four times in all", async () => {
    expect(await runsOf({ code: "40P01" }, 9)).toEqual({ runs: 4, ended: "failed" });
  });

  it.each([
    ["what it says itself", {}],
    ["another unique index", { code: "23505", constraint_name: "users_email_key" }],
    ["a connection that is gone: nobody knows whether it was committed", { code: "CONNECTION_CLOSED" }],
    ["an operator's stop", { code: "57P01" }],
  ])("by %s isn't run again", async (_, fault) => {
    expect(await runsOf(fault, 1)).toEqual({ runs: 1, ended: "failed" });
  });
});
