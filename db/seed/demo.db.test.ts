import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext } from "@/e2e/support/people";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import type { Context } from "@/lib/services/context";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { DEMO_ACCOUNT } from "@/lib/services/identity/users/demo-account";
import { getMeeting } from "@/lib/services/tontines/views/get-meeting";
import { getPayout } from "@/lib/services/tontines/views/get-payout";
import { getSummary } from "@/lib/services/tontines/views/get-summary";
import { getTurn } from "@/lib/services/tontines/views/get-turn";
import { listChanges } from "@/lib/services/tontines/views/list-changes";
import { listSummaries } from "@/lib/services/tontines/views/list-summaries";
import { seedDemo } from "./demo";

const { db, owner, appUrl } = await useDatabase({ alone: true });

async function contextOfAwa(): Promise<Context> {
  const [row] = await owner<{ id: string }[]>`select id from users where email = ${DEMO_ACCOUNT.email}`;
  return createContext(db, { kind: "user", userId: BigInt(row?.id ?? 0), sessionId: "" });
}

/** Statements about what `npm start` shows: made once for all of them. */
await seedDemo(appUrl);
const awa = await contextOfAwa();
const [{ code } = { code: "" }] = await listSummaries(awa);

describe("the demo's data", () => {
  it("is made once, and the ledger's audit finds nothing wrong in it", async () => {
    const count = async () => (await owner`select count(*)::int as count from operations`)[0]?.count;
    const made = await count();
    await seedDemo(appUrl);
    expect(await count()).toBe(made);
    expect((await auditLedger(db)).filter(({ breaches }) => breaches > 0n)).toEqual([]);
  });

  it("has a wallet whose PIN is the one that is shown", async () => {
    await expect(checkPin(awa, DEMO_ACCOUNT.pin)).resolves.toBeUndefined();
  });

  it("has a running tontine of twelve in its fifth turn, in which Awa owes and takes the ninth", async () => {
    const tontine = await getSummary(awa, code);
    expect(tontine).toMatchObject({ state: "running", shareCount: 12, freeHalves: 0 });
    expect(tontine.me.roles).toEqual(["treasurer"]);
    expect(tontine.members).toHaveLength(12);
    expect(tontine.members.filter(({ hasAccount }) => !hasAccount)).toHaveLength(1);
    expect(tontine.members.filter(({ state }) => state === "late").map(({ name }) => name)).toEqual([
      "Moussa K.",
    ]);
    expect(tontine.turns.map(({ state }) => state)).toEqual([
      ...Array(3).fill("closed"),
      ...["short", "called"],
      ...Array(7).fill("planned"),
    ]);
    expect(tontine.current).toMatchObject({ number: 5, paidCount: 6 });
    expect(tontine.myDues).toHaveLength(1);
    expect(tontine.turns.find(({ receivers }) => receivers.some(({ isMe }) => isMe))?.number).toBe(9);
  });

  it("lets Awa approve a payout that the chair has approved, and lead the meeting", async () => {
    const [payout] = (await getTurn(awa, { code, number: 4 })).payouts;
    expect((await getSummary(awa, code)).awaitedApprovals).toEqual([{ payoutId: payout?.id, turn: 4 }]);
    const details = await getPayout(awa, { code, payoutId: payout?.id ?? "" });
    expect(details).toMatchObject({
      state: "proposed",
      mayApprove: true,
      approvals: [{ name: "Mariam O." }],
    });
    expect((await getMeeting(awa, code)).code).toBe(code);
  });

  it("has a swap that Awa is asked for", async () => {
    expect(await listChanges(awa, code)).toMatchObject({
      changes: [{ kind: "swap", may: "accept", from: { name: "Nafissatou S." }, toTurn: { number: 9 } }],
    });
  });

  it("tells nothing later than it happened", async () => {
    const late = await owner`
      select kind from notices where kind like 'tontine%' and created_at > now() - interval '1 hour'`;
    expect(late).toEqual([]);
  });
});
