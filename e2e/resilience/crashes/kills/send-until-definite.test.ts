import { describe, expect, it } from "vitest";
import type { ApiClient, Outcome } from "./api-client";
import { type ClientLog, newClientLog } from "./client-log";
import type { Intent } from "./intent";
import type { Person } from "./people";
import { sendUntilDefinite } from "./send-until-definite";

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
const lost: Outcome = { kind: "lost", why: "ECONNRESET", isReused: true, hasResponseBegun: false };

/** The log after attempts with these outcomes, one after the other. */
async function logAfter(...outcomes: Outcome[]): Promise<ClientLog> {
  const log = newClientLog();
  const post = async (): Promise<Outcome> => outcomes.shift() ?? refused(500, "script_over");
  const client: ApiClient = { post, inFlight: () => 0, close() {} };
  await sendUntilDefinite(client, intent, log);
  return log;
}

describe("a request under kills", () => {
  it("is retried until its outcome is definite, and counts once", async () => {
    const log = await logAfter(lost, { kind: "refused" }, refused(504, "outcome_unknown"), done(true));
    expect(log).toMatchObject({ ambiguous: 2, alreadyCommitted: 1, refused: 1, violations: [] });
    expect(log.acknowledged.map(({ reference }) => reference)).toEqual(["TXN-1"]);
  });

  it("must not have been carried out when every response said that nothing was done", async () => {
    const { violations } = await logAfter({ kind: "refused" }, refused(503, "unavailable"), done(true));
    expect(violations).toEqual([expect.stringMatching(/acknowledged as a replay/)]);
  });

  it.each([
    ["a fault of ours", refused(500, "internal"), /answered with 500 internal/],
    ["another amount", done(false, 6), /a transfer of 5 was answered with/],
    ["a stranger's refusal", refused(401, "unauthenticated"), /answered with 401 unauthenticated/],
  ])("must not be answered with %s", async (_, outcome, violation) => {
    expect((await logAfter(lost, outcome)).violations).toEqual([expect.stringMatching(violation)]);
  });

  it("may end with a definite refusal", async () => {
    const log = await logAfter(lost, refused(400, "insufficient_funds"));
    expect(log).toMatchObject({ refusals: 1, acknowledged: [], violations: [] });
  });
});
