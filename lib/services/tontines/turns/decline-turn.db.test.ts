import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  duesOf,
  francsOf,
  halvesGroup,
  heldIn,
  type Person,
  pay,
  potOf,
  proposedOf,
  runningGroup,
  runTurn,
  type TestGroup,
  timeOf,
  turnStates,
} from "@/e2e/support/tontines";
import { addDays } from "@/lib/day-range";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { acceptLeaver, leaveTontine } from "../changes/leave-tontine";
import { payInAdvance } from "../money/pay-in-advance";
import { getTurn } from "../views/get-turn";
import { declineTurn } from "./decline-turn";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });
const pin = TEST_PIN;

const breaches = async () =>
  (await auditLedger(db)).filter((line) => line.breaches > 0n).map(({ promise }) => promise);

async function decline(group: TestGroup, person: Person, turn: number, now = timeOf(group, 1, -5)) {
  const { id: turnId } = await getTurn(person.context, { code: group.code, number: turn });
  await declineTurn(at(person.context, now), { code: group.code, turnId, pin });
}

const turnDays = async ({ id }: TestGroup) =>
  (
    await owner<{ day: string }[]>`
    select due_on::text as day from tontine_turns where tontine_id = ${id.toString()} order by number`
  ).map(({ day }) => day);

const gains = (group: TestGroup, before: bigint) =>
  Promise.all(group.people.map(async (each) => (await francsOf(group, each)) - before));

async function runAll(group: TestGroup, turns: readonly number[]): Promise<void> {
  for (const turn of turns) await runTurn(group, turn);
}

describe("who declines their turn", () => {
  it("takes after all others, who keep their days and are told; everybody nets to zero", async () => {
    const group = await runningGroup(db, { count: 3 });
    const [, awa, moussa] = group.people as [Person, Person, Person];
    const days = await turnDays(group);
    await decline(group, awa, 2);
    await decline(group, awa, 2);
    expect(await turnStates(group)).toEqual(["planned", "deferred", "planned", "planned"]);
    expect(await turnDays(group)).toEqual([...days, addDays(days.at(-1) ?? "", 7)]);
    const told = await owner<{ details: unknown }[]>`
      select details from notices where kind = 'tontine_deferred' and user_id = ${moussa.userId.toString()}`;
    expect(told).toMatchObject([{ details: { name: "Awa T." } }]);
    await runAll(group, [1, 3, 4]);
    expect(await gains(group, 120_000n)).toEqual([0n, 0n, 0n]);
  });

  it("once it is called gives back what was paid for it: to wallets, and to what was paid ahead", async () => {
    const group = await runningGroup(db, { count: 4, solidarity: "500" });
    const [fatou, awa, moussa] = group.people as [Person, Person, Person];
    await payInAdvance(awa.context, { code: group.code, amount: "10 500", pin, key: newKey() });
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) {
      if (each !== awa) await pay(group, each, 1, { kinds: ["contribution", "solidarity"], by: moussa });
    }
    expect(await proposedOf(group, 1)).toHaveLength(1);
    await decline(group, fatou, 1, timeOf(group, 1, -1));
    expect([await potOf(group, 1), await heldIn(group, "solidarity")]).toEqual([0n, 0n]);
    expect([await francsOf(group, moussa), await heldIn(group, `advance/${awa.memberId}`)]).toEqual([
      120_000n,
      10_500n,
    ]);
    expect(await proposedOf(group, 1)).toEqual([]);
    expect(new Set((await duesOf(group)).map(({ state }) => state))).toEqual(new Set(["returned"]));
    expect(await breaches()).toEqual([]);
    await advance(group, timeOf(group, 2, -2));
    expect((await turnStates(group)).slice(0, 2)).toEqual(["deferred", "called"]);
  });

  it("doesn't after the due time, twice, in the last turn, or in somebody else's", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou, awa, , gifty] = group.people as [Person, Person, Person, Person];
    await expect(decline(group, gifty, 4)).rejects.toMatchObject({ code: "tontine_not_now" });
    await expect(decline(group, awa, 1)).rejects.toMatchObject({ code: "not_found" });
    await decline(group, awa, 2);
    await expect(decline(group, awa, 5)).rejects.toMatchObject({ code: "tontine_not_now" });
    await advance(group, timeOf(group, 1, -2));
    await expect(decline(group, fatou, 1, timeOf(group, 1, 0.1))).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const { mayDecline } = await getTurn(at(fatou.context, timeOf(group, 1, -1)), {
      code: group.code,
      number: 1,
    });
    expect(mayDecline).toBe(true);
  });

  it("leaves a turn that others take in to them, with half of each contribution in either turn", async () => {
    // Two, two and one: who takes alone in the last turn gets as much as the others.
    const group = await runningGroup(db, { count: 5, sharesPerTurn: "2", francs: 50_000n });
    const [, awa] = group.people as [Person, Person];
    await decline(group, awa, 1);
    expect(await turnStates(group)).toEqual(["planned", "planned", "planned", "planned"]);
    await runTurn(group, 1);
    expect(new Set((await duesOf(group)).map(({ amount }) => amount))).toEqual(new Set([5_000n]));
    await runAll(group, [2, 3, 4]);
    expect(await gains(group, 50_000n)).toEqual([0n, 0n, 0n, 0n, 0n]);
  });
});

describe("a half of a share", () => {
  it("is put off alone: its other holder takes on their day, and all net to zero", async () => {
    const group = await halvesGroup(db, { contribution: "5 001" });
    const [, awa] = group.people as [Person, Person];
    await decline(group, awa, 2);
    await runAll(group, [1, 2, 3, 4]);
    const gained = await gains(group, 60_000n);
    expect(gained).toEqual([0n, 0n, 0n, 0n]);
  });

  it("leaves alone: it gets back what it paid, its other holder keeps theirs, and all others net to zero", async () => {
    const group = await halvesGroup(db, { contribution: "9 000" });
    const [chair, awa, moussa, issa] = group.people as [Person, Person, Person, Person];
    await runTurn(group, 1);
    const { code } = group;
    const now = timeOf(group, 1, 4.7);
    await leaveTontine(at(awa.context, now), { code, pin });
    await acceptLeaver(at(issa.context, now), { code, memberId: awa.memberId.toString(), pin });
    await advance(group, timeOf(group, 2, -2));
    for (const each of [chair, moussa, issa]) await pay(group, each, 2);
    await approveAll(group, 2, timeOf(group, 2));
    await advance(group, timeOf(group, 2, 0.1));
    await pay(group, chair, 4, { now: timeOf(group, 2, 0.2) });
    await approveAll(group, 4, timeOf(group, 2, 0.3));
    await runTurn(group, 3);
    // Half of 9 000 in one turn; a third of it stays in the box.
    expect(await gains(group, 60_000n)).toEqual([0n, -1_500n, 0n, 0n]);
    expect(await heldIn(group, "box")).toBe(1_500n);
    expect(await breaches()).toEqual([]);
  });
});
