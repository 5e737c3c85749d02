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
  heldIn,
  type Person,
  pay,
  potOf,
  proposedOf,
  runningGroup,
  runTurn,
  system,
  type TestGroup,
  timeOf,
  trioOf,
  turnStates,
} from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { advanceTontines } from "./advance-tontine";
import { offerGuarantee, signGuarantee } from "./changes/guarantees";
import { acceptHandover, applyHandover, offerHandover } from "./changes/hand-over";
import { acceptLeaver, leaveTontine } from "./changes/leave-tontine";
import { closeTontine } from "./closing/close-tontine";
import { giveMandate } from "./mandates/give-mandate";
import { payDues } from "./money/pay-dues";
import { payInAdvance } from "./money/pay-in-advance";
import { repayDebts } from "./money/repay-debts";
import { approvePayout } from "./payouts/approve-payout";
import { proposeAgain } from "./payouts/propose-again";
import { refusePayout } from "./payouts/refuse-payout";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });
const pin = TEST_PIN;

const breaches = async () =>
  (await auditLedger(db)).filter((line) => line.breaches > 0n).map(({ promise }) => promise);

async function stateOf({ memberId }: Person): Promise<string> {
  const [row] = await owner<
    { state: string }[]
  >`select state from tontine_members where id = ${memberId.toString()}`;
  return row?.state ?? "";
}

async function holderOf({ memberId }: Person): Promise<string> {
  const [row] = await owner<{ id: string }[]>`
    select id from tontine_share_holders where member_id = ${memberId.toString()} order by id`;
  return row?.id ?? "";
}

const freeze = (person: Person, at: Date | null) =>
  owner`update wallets set frozen_at = ${at} where id = ${person.walletId.toString()}`;

async function leave(group: TestGroup, leaver: Person, officer: Person, now: Date): Promise<void> {
  await leaveTontine(at(leaver.context, now), { code: group.code, pin });
  const memberId = leaver.memberId.toString();
  await acceptLeaver(at(officer.context, now), { code: group.code, memberId, pin });
}

const groupOf = (count: number, values: Parameters<typeof runningGroup>[1] = {}) =>
  runningGroup(db, { count, ...values });

describe("a tontine comes to its end", () => {
  it("after a leaver who had paid nothing: nobody owes anything in that turn, and the next one is called", async () => {
    const group = await groupOf(5);
    const [chair, leaver] = group.people as [Person, Person];
    await leave(group, leaver, chair, timeOf(group, 1, -5));
    await runTurn(group, 1);
    for (const turn of [2, 3]) await advance(group, timeOf(group, turn, -2));
    expect((await turnStates(group)).slice(0, 3)).toEqual(["closed", "cancelled", "called"]);
  });

  it("after a refused payout of one of two receivers: it is proposed again, and paid", async () => {
    // Two take a turn, and no turn has two of the officers.
    const group = await groupOf(7, { sharesPerTurn: "2", closesAfterDays: "0" });
    const [first, second, third] = group.people as [Person, Person, Person];
    const [officer, other] = group.people.slice(-2) as [Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) await pay(group, person, 1);
    const now = timeOf(group, 1);
    const [refused, paid] = await proposedOf(group, 1);
    const { code } = group;
    const reason = "attendons";
    await refusePayout(at(officer.context, now), { code, payoutId: refused?.id ?? "", reason, pin });
    for (const { context } of [officer, other]) {
      await approvePayout(at(context, now), { code, payoutId: paid?.id ?? "", hash: paid?.hash ?? "", pin });
    }
    expect((await turnStates(group))[0]).toBe("part_paid");
    const [row] = await owner<
      { id: string }[]
    >`select id from tontine_turns where tontine_id = ${group.id.toString()} and number = 1`;
    await proposeAgain(at(officer.context, now), { code, turnId: row?.id ?? "" });
    await approveAll(group, 1, now);
    expect([(await turnStates(group))[0], await potOf(group, 1)]).toEqual(["paid", 0n]);
    expect(await francsOf(group, first)).toBe(await francsOf(group, second));
    expect(await francsOf(group, third)).toBe(110_000n);
  });

  it("and keeps nothing afterwards: fines aren't paid any more, what the fund gets back is shared out, what was kept is released", async () => {
    const group = await groupOf(4, { solidarity: "5 000", closesAfterDays: "0" });
    const [chair, debtor, frozen] = group.people as [Person, Person, Person];
    const { code } = group;
    for (const turn of [1, 2, 3]) {
      await advance(group, timeOf(group, turn, -2));
      for (const person of group.people) {
        if (turn < 3 || person !== debtor)
          await pay(group, person, turn, { kinds: ["contribution", "solidarity"] });
      }
      await advance(group, timeOf(group, turn, 0.01));
      await approveAll(group, turn, timeOf(group, turn, 0.1));
    }
    await runTurn(group, 4);
    await advance(group, timeOf(group, 4, 8));
    await freeze(frozen, new Date());
    await closeTontine(at(chair.context, timeOf(group, 4, 9)), { code, pin });
    const kept = await heldIn(group, `owed/${frozen.memberId}`);
    expect(kept).toBeGreaterThan(0n);
    const [fine] = (await duesOf(group)).filter(({ kind }) => kind === "fine");
    const now = timeOf(group, 4, 10);
    const payment = { code, dueIds: [fine?.id ?? ""], pin, key: newKey() };
    await expect(payDues(at(debtor.context, now), payment)).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const before = await francsOf(group, chair);
    await repayDebts(at(debtor.context, now), { code, amount: "10 000", pin, key: newKey() });
    expect((await francsOf(group, chair)) - before).toBe(2_500n);
    const had = await francsOf(group, frozen);
    await freeze(frozen, null);
    await advanceTontines(system(db, now));
    expect((await francsOf(group, frozen)) - had).toBe(kept + 2_500n);
    expect(await breaches()).toEqual([]);
  });
});

describe("what a receiver still owes", () => {
  it("is taken from the pot once, though somebody pays it in the same list as the rest of the pot", async () => {
    const group = await groupOf(4, { closesAfterDays: "0" });
    const [first, second, third, fourth] = group.people as [Person, Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of [first, second, third]) await pay(group, person, 1);
    await advance(group, timeOf(group, 1, 0.01));
    await approveAll(group, 1, timeOf(group, 1, 0.1));
    await advance(group, timeOf(group, 2, -2));
    for (const person of [second, third, fourth]) await pay(group, person, 2);
    await advance(group, timeOf(group, 2, 0.01));
    const late = (await duesOf(group)).filter(({ state }) => state === "late");
    expect(late.map(({ turn }) => turn)).toEqual([1, 2]);
    const dueIds = late.map(({ id }) => id);
    await payDues(at(third.context, timeOf(group, 2, 1)), { code: group.code, dueIds, pin, key: newKey() });
    expect((await duesOf(group)).filter(({ state }) => state === "late")).toEqual([]);
    // The rest of the first turn less the fine of the second.
    expect(await francsOf(group, first)).toBe(120_000n - 10_000n + 30_000n + 9_000n);
    expect(await breaches()).toEqual([]);
  });

  it("completes the turn that it is paid into: its payout is proposed at once, and the member is late no more", async () => {
    const group = await groupOf(4, { closesAfterDays: "9" });
    const [, , third] = group.people as [Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) await pay(group, person, 1);
    await approveAll(group, 1, timeOf(group, 1));
    await advance(group, timeOf(group, 2, -2));
    for (const person of group.people) if (person !== third) await pay(group, person, 2);
    await advance(group, timeOf(group, 2, 9.1));
    await approveAll(group, 2, timeOf(group, 2, 9.2));
    await advance(group, timeOf(group, 3, 2.3));
    for (const person of group.people) await pay(group, person, 3, { now: timeOf(group, 3, 2.4) });
    await approveAll(group, 3, timeOf(group, 3, 2.5));
    expect([await stateOf(third), (await turnStates(group))[1]]).toEqual(["active", "part_paid"]);
    await advance(group, timeOf(group, 3, 2.6));
    expect((await turnStates(group))[1]).toBe("paid");
  });
});

describe("money and people", () => {
  it("a leaver's instalments keep together what one sum would", async () => {
    const group = await groupOf(6, { contribution: "10 001", closesAfterDays: "0" });
    const [first, second, , leaver] = group.people as [Person, Person, Person, Person];
    for (const turn of [1, 2]) await runTurn(group, turn);
    await leave(group, leaver, first, timeOf(group, 2, 4.8));
    await runTurn(group, 3);
    await advance(group, timeOf(group, 4, -2));
    await pay(group, first, 4);
    await advance(group, timeOf(group, 4, 0.1));
    await approveAll(group, 4, timeOf(group, 4, 0.2));
    await pay(group, second, 4, { now: timeOf(group, 4, 1) });
    // A third of 20 002 is 6 667, of twice 10 001 twice 3 333.
    expect(await heldIn(group, "box")).toBe(6_667n);
    expect(await breaches()).toEqual([]);
  });

  it("a turn that was paid in advance is proposed when it is called", async () => {
    const group = await groupOfThree(db);
    const now = timeOf(group, 1, -5);
    for (const { context } of group.people) {
      await payInAdvance(at(context, now), { code: group.code, amount: "10 000", pin, key: newKey() });
    }
    await advance(group, timeOf(group, 1, -2));
    expect(await proposedOf(group, 1)).toMatchObject([{ amount: "30000" }]);
  });

  it("a standing contribution is suspended after three failures, though the wallet stays empty", async () => {
    const group = await groupOf(5, { francs: 0n, closesAfterDays: "0" });
    const [, poor] = group.people as [Person, Person];
    const endsOn = "2099-01-01";
    await giveMandate(poor.context, { code: group.code, ceiling: "10 000", endsOn, pin });
    for (const turn of [1, 2, 3]) {
      await advance(group, timeOf(group, turn, -2));
      await advance(group, timeOf(group, turn, 0.1));
    }
    await advanceTontines(system(db, timeOf(group, 3, 5)));
    const [row] = await owner<
      { state: string }[]
    >`select state from tontine_mandates where member_id = ${poor.memberId.toString()}`;
    expect(row?.state).toBe("suspended");
  });

  it("a second guarantor answers once the first one's promise is used up", async () => {
    const group = await groupOf(5, { closesAfterDays: "0" });
    const [, debtor, first, second] = group.people as [Person, Person, Person, Person];
    const { code } = group;
    const vouch = async (guarantor: Person) => {
      const offer = { code, guarantorId: guarantor.memberId.toString(), amount: "10 000" };
      const { guaranteeId } = await offerGuarantee(debtor.context, offer);
      await signGuarantee(guarantor.context, { code, guaranteeId: guaranteeId.toString(), pin });
    };
    await vouch(first);
    await runTurn(group, 1, [debtor]);
    await repayDebts(at(debtor.context, timeOf(group, 1, 5)), { code, amount: "10 000", pin, key: newKey() });
    await vouch(second);
    const before = await francsOf(group, second);
    await runTurn(group, 2, [debtor]);
    expect((await francsOf(group, second)) - before).toBe(-20_000n);
  });

  it("nobody leaves, or hands a last place over, when too few are left to approve what is still to be paid", async () => {
    const group = await groupOfThree(db);
    const [, second] = trioOf(group);
    const input = { code: group.code, pin };
    await expect(leaveTontine(second.context, input)).rejects.toMatchObject({ code: "tontine_not_now" });
  });

  it("who was in default doesn't leave, though nothing is owed any more", async () => {
    const group = await groupOf(5);
    const [, second] = group.people as [Person, Person];
    for (const state of ["late", "defaulted"]) {
      await owner`update tontine_members set state = ${state} where id = ${second.memberId.toString()}`;
    }
    const input = { code: group.code, pin };
    await expect(leaveTontine(second.context, input)).rejects.toMatchObject({ code: "tontine_not_now" });
  });

  it("who owes a guarantor doesn't hand a last place over", async () => {
    const group = await groupOf(5, { closesAfterDays: "0" });
    const [guarantor, debtor, taker] = group.people as [Person, Person, Person];
    const { code } = group;
    const offer = { code, guarantorId: guarantor.memberId.toString(), amount: "10 000" };
    const { guaranteeId } = await offerGuarantee(debtor.context, offer);
    await signGuarantee(guarantor.context, { code, guaranteeId: guaranteeId.toString(), pin });
    await runTurn(group, 1, [debtor]);
    const now = timeOf(group, 1, 4.7);
    const toMemberId = taker.memberId.toString();
    const place = { code, holderId: await holderOf(debtor), toMemberId, pin };
    const { handoverId } = await offerHandover(at(debtor.context, now), place);
    const named = { code, id: handoverId.toString(), pin };
    await acceptHandover(at(taker.context, now), named);
    const [officer] = group.people.slice(-1) as [Person];
    await expect(applyHandover(at(officer.context, now), named)).rejects.toMatchObject({
      code: "tontine_debt_open",
    });
  });

  it("one person alone approves no payout; after seven days a member in default may be the second", async () => {
    const group = await groupOfThree(db);
    const [, two, other] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) await pay(group, person, 1);
    const now = timeOf(group, 1);
    for (const state of ["late", "defaulted"]) {
      await owner`update tontine_members set state = ${state} where id = ${other.memberId.toString()}`;
    }
    const [payout] = await proposedOf(group, 1);
    const input = { code: group.code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
    expect(await approvePayout(at(two.context, now), input)).toEqual({ isPaid: false });
    const refusal = { code: "tontine_role_missing" };
    await expect(approvePayout(at(other.context, now), input)).rejects.toMatchObject(refusal);
    expect(await approvePayout(at(other.context, timeOf(group, 1, 8)), input)).toEqual({ isPaid: true });
    expect(await breaches()).toEqual([]);
  });
});
