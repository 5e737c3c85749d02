import { describe, expect, it } from "vitest";
import { type Account, newAccount } from "./account";
import type { Caller, Outcome } from "./caller";
import { carryOut } from "./carry-out";
import type { Intent } from "./intent";
import type { Person } from "./people";

const person = (walletId: bigint): Person => {
  return { userId: walletId, walletId, walletNumber: `${walletId}`, apiKey: "", fundsMinor: 0n };
};
const intent: Intent = { kind: "transfer", key: "k", from: person(1n), to: person(2n), amountMinor: 5 };

const done = (isReplayed: boolean, amount = 5): Outcome => {
  return { kind: "answered", status: 200, body: { reference: "TXN-1", amount_minor: amount }, isReplayed };
};
const refused = (status: number, code: string): Outcome => {
  return { kind: "answered", status, body: { code }, isReplayed: false };
};
const lost: Outcome = { kind: "lost", why: "ECONNRESET", isReused: true, isAnswerBegun: false };

/** What comes of it when the attempts end like this, one after the other. */
async function accountAfter(...outcomes: Outcome[]): Promise<Account> {
  const account = newAccount();
  const post = async (): Promise<Outcome> => outcomes.shift() ?? refused(500, "script_over");
  const caller: Caller = { post, inFlight: () => 0, close() {} };
  await carryOut(caller, intent, account);
  return account;
}

describe("a request under kills", () => {
  it("is asked again until its answer is definitive, and counts once", async () => {
    const account = await accountAfter(
      lost,
      { kind: "refused" },
      refused(504, "outcome_unknown"),
      done(true),
    );
    expect(account).toMatchObject({ ambiguous: 2, alreadyCommitted: 1, refused: 1, violations: [] });
    expect(account.acknowledged.map(({ reference }) => reference)).toEqual(["TXN-1"]);
  });

  it("that was told that nothing was done must not have been carried out", async () => {
    const { violations } = await accountAfter({ kind: "refused" }, refused(503, "unavailable"), done(true));
    expect(violations).toEqual([expect.stringMatching(/answered as done before/)]);
  });

  it.each([
    ["a fault of ours", refused(500, "internal"), /answered with 500 internal/],
    ["another amount", done(false, 6), /a transfer of 5 was answered with/],
    ["a stranger's refusal", refused(401, "unauthenticated"), /answered with 401 unauthenticated/],
  ])("must not be answered with %s", async (_, outcome, said) => {
    expect((await accountAfter(lost, outcome)).violations).toEqual([expect.stringMatching(said)]);
  });

  it("may be refused for good", async () => {
    const account = await accountAfter(lost, refused(400, "insufficient_funds"));
    expect(account).toMatchObject({ refusals: 1, acknowledged: [], violations: [] });
  });
});
