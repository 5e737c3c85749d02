import { describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { defineCall } from "./define-call";
import { mountCall } from "./mount-call";

/** A pool whose transactions commit nothing, and succeed. */
const pool = { transaction: (work: (tx: object) => unknown) => work({}) } as unknown as Database;

const lost = (code: string) => Object.assign(new Error("the connection is gone"), { code });

/** The code that a call answers whose verb is `verb`. */
async function codeOf(verb: (context: Context) => Promise<void>, method: "GET" | "POST" = "POST") {
  const call = defineCall(
    {
      method,
      path: "/api/test",
      tag: "Wallet",
      summary: "A call",
      access: "anyone",
      answer: { status: 204, description: "Done" },
      errors: [],
    },
    async ({ context }) => {
      await verb(context);
      return { status: 204 };
    },
  );
  const handler = mountCall(
    call,
    testDependencies(() => pool),
  );
  const answer = await handler(new Request("http://localhost:3000/api/test", { method }));
  return answer.status === 204 ? "done" : String((await answer.json()).code);
}

const commit = ({ db }: Context) => inTransaction(db, async () => {});
const fails = (error: Error) => async () => {
  throw error;
};

describe("during an outage of the database", () => {
  it("before the verb's first statement was sent, the answer is unavailable", async () => {
    expect(await codeOf(fails(lost("ECONNREFUSED")))).toBe("unavailable");
  });

  it("when a statement may have arrived, the answer is outcome_unknown", async () => {
    expect(await codeOf(fails(lost("CONNECTION_CLOSED")))).toBe("outcome_unknown");
  });

  it.each([lost("ECONNREFUSED"), new DomainError("unavailable")])(
    "after a commit, the outcome is unknown even if the next statement was never sent",
    async (error) => {
      const verb = async (context: Context) => {
        await commit(context);
        throw error;
      };
      expect(await codeOf(verb)).toBe("outcome_unknown");
    },
  );

  it("after a rolled back transaction, the answer is unavailable", async () => {
    const verb = ({ db }: Context) => inTransaction(db, fails(lost("ECONNREFUSED")));
    expect(await codeOf(verb)).toBe("unavailable");
  });

  it("a call that only reads answers unavailable", async () => {
    expect(await codeOf(fails(lost("CONNECTION_CLOSED")), "GET")).toBe("unavailable");
  });

  it("one request's commit says nothing about the next request", async () => {
    expect(await codeOf(commit)).toBe("done");
    expect(await codeOf(fails(lost("ECONNREFUSED")))).toBe("unavailable");
  });
});

it("a database that is away is answered with 503 and Retry-After before anybody is looked up", async () => {
  const call = defineCall(
    {
      method: "POST",
      path: "/api/test",
      tag: "Wallet",
      summary: "A call",
      access: "person",
      answer: { status: 204, description: "Done" },
      errors: [],
    },
    async () => ({ status: 204 }),
  );
  const requireDatabase = () => Promise.reject(new DomainError("unavailable"));
  const handler = mountCall(call, { ...testDependencies(() => pool), requireDatabase });
  const answer = await handler(new Request("http://localhost:3000/api/test", { method: "POST" }));
  expect([answer.status, (await answer.json()).code]).toEqual([503, "unavailable"]);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
});
