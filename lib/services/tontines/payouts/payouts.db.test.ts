import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  duesOf,
  francsOf,
  groupOfThree,
  groupWithProposal,
  heldIn,
  type Person,
  pay,
  potOf,
  proposedOf,
  runningGroup,
  runTurn,
  system,
  timeOf,
  trioOf,
  turnStates,
} from "@/e2e/support/tontines";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { offerGuarantee, signGuarantee } from "../changes/guarantees";
import { remindDues } from "../notices/remind-dues";
import { getPayout } from "../views/get-payout";
import { getTurn } from "../views/get-turn";
import { approvePayout } from "./approve-payout";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });
const pin = TEST_PIN;

describe("a pot", () => {
  it("isn't paid out before its closing time unless it is complete", async () => {
    const group = await groupOfThree(db);
    const [one, two, other] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    for (const each of [one, two]) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 3.9));
    expect(await proposedOf(group, 1)).toEqual([]);
    await pay(group, other, 1, { now: timeOf(group, 1, 3.95) });
    expect(await proposedOf(group, 1)).toMatchObject([{ amount: "30000" }]);
  });

  it("that comes in parts is paid in as many instalments to the same receiver, each once", async () => {
    const group = await groupOfThree(db, { closesAfterDays: "0" });
    const [fatou, ...others] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    await pay(group, fatou, 1);
    await advance(group, timeOf(group, 1, 0.1));
    await approveAll(group, 1, timeOf(group, 1, 0.2));
    for (const [index, each] of others.entries()) {
      await pay(group, each, 1, { now: timeOf(group, 1, 1 + index) });
      expect(await francsOf(group, fatou)).toBe(120_000n + BigInt(index + 1) * 10_000n);
    }
    const rows = await owner<{ instalment: number; state: string }[]>`
      select instalment, state from tontine_payouts where member_id = ${fatou.memberId.toString()} order by instalment`;
    expect(rows.map(({ instalment, state }) => [instalment, state])).toEqual(
      [1, 2, 3].map((number) => [number, "posted"]),
    );
    const twice = owner`insert into tontine_payouts (tontine_id, turn_id, holder_id, instalment, member_id, amount_minor, shown_hash)
      select tontine_id, turn_id, holder_id, instalment, member_id, amount_minor, shown_hash from tontine_payouts
      where member_id = ${fatou.memberId.toString()} and instalment = 1`;
    await expect(twice).rejects.toThrow("tontine_payouts_key");
  });

  it("isn't followed by the next call before its receiver was paid, or it was declared short", async () => {
    const { group } = await groupWithProposal(db);
    await advance(group, timeOf(group, 2, -1));
    expect(await turnStates(group)).toEqual(["complete", "planned", "planned"]);
    await approveAll(group, 1, timeOf(group, 2, -1));
    await advance(group, timeOf(group, 2, -0.9));
    expect((await turnStates(group)).slice(0, 2)).toEqual(["paid", "called"]);
  });

  it("of two receivers of whom one is paid keeps the next call waiting for the other", async () => {
    const group = await runningGroup(db, { count: 5, sharesPerTurn: "2", francs: 50_000n });
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) await pay(group, each, 1);
    const [first] = await proposedOf(group, 1);
    for (const { context } of group.people.slice(3)) {
      const input = { code: group.code, payoutId: first?.id ?? "", hash: first?.hash ?? "", pin };
      await approvePayout(at(context, timeOf(group, 1)), input);
    }
    await advance(group, timeOf(group, 2, -1));
    expect((await turnStates(group)).slice(0, 2)).toEqual(["approved", "planned"]);
  });

  it("that nobody approves for 90 days goes back to who paid, covers to who covered, and the turn is cancelled", async () => {
    const group = await groupOfThree(db);
    const [one, two, other] = trioOf(group);
    const { code } = group;
    const asked = { code, guarantorId: one.memberId.toString(), amount: "10 000" };
    const { guaranteeId } = await offerGuarantee(other.context, asked);
    await signGuarantee(one.context, { code, guaranteeId: guaranteeId.toString(), pin });
    await advance(group, timeOf(group, 1, -2));
    for (const each of [one, two]) await pay(group, each, 1, { by: two });
    await advance(group, timeOf(group, 1, 0.1));
    await advance(group, timeOf(group, 1, 4.1));
    await advance(group, timeOf(group, 1, 93));
    expect(await potOf(group, 1)).toBe(30_000n);
    for (let times = 0; times < 2; times += 1) await advance(group, timeOf(group, 1, 94.1));
    expect([await potOf(group, 1), (await turnStates(group))[0]]).toEqual([0n, "cancelled"]);
    expect(await Promise.all([one, two].map((each) => francsOf(group, each)))).toEqual([120_000n, 120_000n]);
    const contributions = (await duesOf(group)).filter(
      ({ kind, turn }) => kind === "contribution" && turn === 1,
    );
    expect(new Set(contributions.map(({ state }) => state))).toEqual(new Set(["returned"]));
    const breaches = (await auditLedger(db)).filter((line) => line.breaches > 0n);
    expect(breaches.map(({ promise }) => promise)).toEqual([]);
    const told =
      await owner`select from notices where kind = 'tontine_returned' and user_id = ${two.userId.toString()}`;
    expect(told).toHaveLength(1);
  });
});

describe("a receiver", () => {
  it("sees before the payout what is taken from it for their arrears, as officers do and nobody else", async () => {
    const group = await runningGroup(db, { count: 5, closesAfterDays: "0" });
    const [, awa, moussa] = group.people as [Person, Person, Person];
    await runTurn(group, 1, [awa]);
    await advance(group, timeOf(group, 2, -2));
    for (const each of group.people) if (each !== awa) await pay(group, each, 2);
    await advance(group, timeOf(group, 2, 0.1));
    const [payout] = await proposedOf(group, 2);
    const seen = async ({ context }: Person) =>
      (await getPayout(at(context, timeOf(group, 2, 0.2)), { code: group.code, payoutId: payout?.id ?? "" }))
        .arrears;
    // A contribution late in the first turn, with two fines of 300.
    expect(await seen(awa)).toEqual(money(10_600n, "XOF"));
    expect(await seen(group.people.at(-1) as Person)).toEqual(money(10_600n, "XOF"));
    expect(await seen(moussa)).toBeNull();
    const before = await francsOf(group, awa);
    await approveAll(group, 2, timeOf(group, 2, 0.2));
    expect((await francsOf(group, awa)) - before).toBe(40_000n - 10_600n);
  });

  it("of a short pot sees whose share is missing; other members don't", async () => {
    const group = await runningGroup(db, { count: 6, closesAfterDays: "0" });
    const [, awa, moussa, issa] = group.people as [Person, Person, Person, Person];
    await runTurn(group, 1);
    await runTurn(group, 2, [moussa]);
    const stateSeen = async ({ context }: Person) =>
      (await getTurn(context, { code: group.code, number: 2 })).dues.find(
        ({ name, kind }) => name === "Moussa T." && kind === "contribution",
      )?.state;
    expect([await stateSeen(awa), await stateSeen(issa)]).toEqual(["late", "awaited"]);
  });

  it("who is the treasurer is paid by the chair and the auditor", async () => {
    const group = await runningGroup(db, { count: 4, auditor: 1 });
    const [chair, auditor, treasurer] = group.people as [Person, Person, Person];
    for (const turn of [1, 2]) await runTurn(group, turn);
    await advance(group, timeOf(group, 3, -2));
    for (const each of group.people) await pay(group, each, 3);
    const [payout] = await proposedOf(group, 3);
    const input = { code: group.code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
    const now = timeOf(group, 3);
    await expect(approvePayout(at(treasurer.context, now), input)).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    expect(await approvePayout(at(auditor.context, now), input)).toEqual({ isPaid: false });
    expect(await approvePayout(at(chair.context, now), input)).toEqual({ isPaid: true });
  });

  it("whose wallet can't take the pot is reminded each week of what is kept, until it has come", async () => {
    const { group, now } = await groupWithProposal(db);
    const [receiver] = trioOf(group);
    await owner`update wallets set frozen_at = now() where id = ${receiver.walletId.toString()}`;
    await approveAll(group, 1, now);
    expect(await heldIn(group, `owed/${receiver.memberId}`)).toBe(30_000n);
    const reminders = async (days: number) => {
      await remindDues(system(db, timeOf(group, 1, days)));
      const rows =
        await owner`select from notices where kind = 'tontine_kept' and user_id = ${receiver.userId.toString()}`;
      return rows.length;
    };
    expect([await reminders(1), await reminders(1), await reminders(8)]).toEqual([1, 1, 2]);
    await owner`update wallets set frozen_at = null where id = ${receiver.walletId.toString()}`;
    await advance(group, timeOf(group, 1, 9));
    expect(await reminders(16)).toBe(2);
    expect(await francsOf(group, receiver)).toBe(140_000n);
  });
});

it("what stands in a pot is what is in it now, whatever was said before", async () => {
  const { group, now } = await groupWithProposal(db);
  const [one, two] = trioOf(group);
  const pot = async () => (await getTurn(two.context, { code: group.code, number: 1 })).pot;
  expect(await pot()).toEqual(money(30_000n, "XOF"));
  await approveAll(group, 1, now);
  expect([await pot(), await francsOf(group, one)]).toEqual([money(0n, "XOF"), 140_000n]);
});
