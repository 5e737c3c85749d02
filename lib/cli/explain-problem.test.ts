import { parseArgs } from "node:util";
import { expect, it } from "vitest";
import { StartError } from "@/lib/start-error";
import { explainProblem } from "./explain-problem";

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return explainProblem(error);
  }
  throw new Error("expected a throw");
}

it("names an unknown option or a missing value in a sentence, without a stack", () => {
  const options = { seed: { type: "string" } } as const;
  const unknown = problemOf(() => parseArgs({ args: ["--nope"], options }));
  expect(unknown).toMatch(/^Unknown option '--nope'/);
  const missing = problemOf(() => parseArgs({ args: ["--seed"], options }));
  expect(missing).toContain("--seed");
  for (const text of [unknown, missing]) expect(text).not.toContain("\n    at ");
});

it("says what a StartError says, and keeps the stack of what nobody expected", () => {
  expect(explainProblem(new StartError("There is no folder x."))).toBe("There is no folder x.");
  expect(explainProblem(new Error("boom"))).toContain("\n    at ");
});

it("names no address of a database that can't be reached", () => {
  const error = Object.assign(new Error("connect postgres://u:secret@host"), { code: "ECONNREFUSED" });
  expect(explainProblem(error)).not.toContain("secret");
});
