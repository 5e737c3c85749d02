import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { allSayYes, decisionOf, openBy, vote } from "@/e2e/support/decisions";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  duesOf,
  francsOf,
  officersOf,
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
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { giveMandate } from "../mandates/give-mandate";
import { approvePayout } from "../payouts/approve-payout";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });

type Four = [Person, Person, Person, Person];

/** Four people; the founder is chair, the third treasurer, the fourth secretary. */
async function groupOfFour(values: Parameters<typeof runningGroup>[1] = {}) {
  const group = await runningGroup(db, { count: 4, ...values });
  const [fatou, awa, moussa, issa] = group.people as Four;
  return { group, fatou, awa, moussa, issa };
}

async function expectClean(): Promise<void> {
  const broken = (await auditLedger(db)).filter(({ breaches }) => breaches !== 0n);
  expect(broken.map(({ promise }) => promise)).toEqual([]);
}

const dueOf = async (group: TestGroup, person: Person, turn: number, kind = "contribution") =>
  (await duesOf(group)).find(
    (due) => due.memberId === person.memberId && due.turn === turn && due.kind === kind,
  );

const memberState = async ({ memberId }: Person) =>
  (
    await owner<{ state: string; roles: string[] }[]>`
    select state, roles from tontine_members where id = ${memberId.toString()}`
  )[0];

const kindsTold = async ({ userId }: Person) =>
  (
    await owner<{ kind: string }[]>`
    select kind from notices where user_id = ${userId.toString()} and kind like 'tontine_%' order by id`
  ).map(({ kind }) => kind);

describe("a waiver", () => {
  it("ends what is open of a due: the turn is complete, its pot short by it, and its receiver is told", async () => {
    const { group, fatou, awa, moussa, issa } = await groupOfFour();
    await advance(group, timeOf(group, 1, -2));
    for (const person of [fatou, moussa, issa]) await pay(group, person, 1);
    const now = timeOf(group, 1, 0.5);
    await advance(group, now);
    const due = await dueOf(group, awa, 1);
    const id = await openBy(group, fatou, now, { kind: "waiver", dueId: due?.id ?? "" });
    expect(JSON.parse((await decisionOf(group, id)).shown)).toMatchObject({
      subject: { name: "Awa T." },
      consequences: [
        { what: "owes_no_more", name: "Awa T.", amountMinor: "10000", turn: 1 },
        { what: "pot_short", name: "Fatou T.", amountMinor: "10000", turn: 1 },
      ],
    });
    await expect(vote(group, awa, id, "yes", now)).rejects.toMatchObject({ code: "tontine_role_missing" });
    expect(await allSayYes(group, [fatou, moussa], id, now)).toBe("applied");
    expect(await dueOf(group, awa, 1)).toMatchObject({ state: "waived", paid: 0n });
    expect((await memberState(awa))?.state).toBe("active");
    expect((await turnStates(group))[0]).toBe("complete");
    expect(await kindsTold(fatou)).toContain("tontine_waived");
    expect(await kindsTold(moussa)).not.toContain("tontine_waived");
    expect(await kindsTold(awa)).toContain("tontine_vote_about_you");
    await approveAll(group, 1, now);
    expect(await francsOf(group, fatou)).toBe(120_000n - 10_000n + 30_000n);
    expect((await turnStates(group))[0]).toBe("paid");
    await expectClean();
  });

  it("of a part that was paid in the meantime is stale, and changes nothing", async () => {
    const { group, fatou, awa, moussa } = await groupOfFour({ partsAllowed: "on" });
    await advance(group, timeOf(group, 1, -2));
    const now = timeOf(group, 1, -1);
    const due = await dueOf(group, awa, 1);
    const id = await openBy(group, awa, now, { kind: "waiver", dueId: due?.id ?? "" });
    await vote(group, fatou, id, "yes", now);
    await pay(group, awa, 1, { amount: "4 000", now });
    expect(await vote(group, moussa, id, "yes", now)).toBe("stale");
    expect(await dueOf(group, awa, 1)).toMatchObject({ state: "part", paid: 4_000n });
  });

  it("is asked for by the debtor or an officer only", async () => {
    const { group, awa, moussa } = await groupOfFour();
    await advance(group, timeOf(group, 1, -2));
    const due = await dueOf(group, moussa, 1);
    const asked = openBy(group, awa, timeOf(group, 1, -1), { kind: "waiver", dueId: due?.id ?? "" });
    await expect(asked).rejects.toMatchObject({ code: "tontine_role_missing" });
  });
});

describe("an exclusion", () => {
  async function lateGroup() {
    const found = await groupOfFour();
    const { group, fatou, awa, moussa } = found;
    await runTurn(group, 1, []);
    await giveMandate(found.issa.context, {
      code: group.code,
      ceiling: "10 000",
      endsOn: "2099-01-01",
      pin: TEST_PIN,
    });
    await owner`update tontine_mandates set state = 'suspended' where state = 'active'`;
    await advance(group, timeOf(group, 2, -2));
    for (const person of [fatou, awa, moussa]) await pay(group, person, 2);
    const now = timeOf(group, 2, 0.5);
    await advance(group, now);
    const id = await openBy(group, fatou, now, { kind: "exclusion", memberId: `${found.issa.memberId}` });
    return { ...found, now, id };
  }

  const days = (now: Date, count: number) => new Date(now.getTime() + count * 86_400_000);

  it("takes effect after seven days' notice; the turn pays back what was paid, and all books balance", async () => {
    const { group, fatou, awa, issa, now, id } = await lateGroup();
    expect(JSON.parse((await decisionOf(group, id)).shown).consequences).toMatchObject([
      { what: "owes_late", amountMinor: "10000", count: 1 },
      { what: "gets_back", amountMinor: "6667" },
      { what: "box_keeps", amountMinor: "3333" },
      { what: "turn_refunds", turn: 4 },
      { what: "stays_if_paid", name: "Issa T." },
    ]);
    expect(await allSayYes(group, [fatou, awa], id, now)).toBe("adopted");
    await advance(group, days(now, 6.9));
    expect((await memberState(issa))?.state).toBe("late");
    await advance(group, days(now, 7.1));
    expect((await decisionOf(group, id)).state).toBe("applied");
    expect(await memberState(issa)).toEqual({ state: "excluded", roles: [] });
    const [mandate] = await owner<{ state: string }[]>`
      select state from tontine_mandates where member_id = ${issa.memberId.toString()}`;
    expect(mandate?.state).toBe("ended");
    const [turn] = await owner<{ kind: string }[]>`
      select kind from tontine_turns where tontine_id = ${group.id.toString()} and number = 4`;
    expect(turn?.kind).toBe("refund");
    await expectClean();
  });

  it("ends when the person pays what is late in that time", async () => {
    const { group, fatou, awa, issa, now, id } = await lateGroup();
    await allSayYes(group, [fatou, awa], id, now);
    await pay(group, issa, 2, { kinds: ["contribution"], now: days(now, 3) });
    await advance(group, days(now, 7.1));
    expect((await decisionOf(group, id)).state).toBe("stale");
    expect((await memberState(issa))?.state).toBe("active");
  });

  it("is refused for who has taken, owes nothing late, or by somebody without an office", async () => {
    const { group, fatou, awa, moussa, now } = await lateGroup();
    const ask = (by: Person, about: Person) =>
      openBy(group, by, now, { kind: "exclusion", memberId: `${about.memberId}` });
    await expect(ask(moussa, fatou)).rejects.toMatchObject({ code: "tontine_not_now" });
    await expect(ask(fatou, moussa)).rejects.toMatchObject({ code: "tontine_not_now" });
    await expect(ask(awa, moussa)).rejects.toMatchObject({ code: "tontine_role_missing" });
  });
});

describe("rescheduling", () => {
  it("lets a member pay later without another fine; the receiver gets the rest then", async () => {
    const { group, fatou, awa, moussa, issa } = await groupOfFour();
    await advance(group, timeOf(group, 1, -2));
    for (const person of [fatou, moussa, issa]) await pay(group, person, 1);
    const now = timeOf(group, 1, 0.5);
    await advance(group, now);
    const day = timeOf(group, 1, 20).toISOString().slice(0, 10);
    const id = await openBy(group, awa, now, { kind: "reschedule", memberId: `${awa.memberId}`, day });
    expect(await allSayYes(group, [fatou, moussa], id, now)).toBe("applied");
    expect(await dueOf(group, awa, 1)).toMatchObject({ state: "open" });
    expect((await memberState(awa))?.state).toBe("active");
    await advance(group, timeOf(group, 1, 4.5));
    expect((await turnStates(group))[0]).toBe("short");
    await approveAll(group, 1, timeOf(group, 1, 4.6));
    expect((await turnStates(group))[0]).toBe("part_paid");
    const before = await francsOf(group, fatou);
    await pay(group, awa, 1, { now: timeOf(group, 1, 19) });
    expect((await francsOf(group, fatou)) - before).toBe(10_000n);
    expect(await potOf(group, 1)).toBe(0n);
    await advance(group, timeOf(group, 1, 21));
    expect((await duesOf(group)).filter(({ kind, turn }) => kind === "fine" && turn === 1)).toHaveLength(1);
    await expectClean();
  });

  it("that isn't kept is late again, without a second fine", async () => {
    const { group, fatou, awa, moussa, issa } = await groupOfFour();
    await advance(group, timeOf(group, 1, -2));
    for (const person of [fatou, moussa, issa]) await pay(group, person, 1);
    const now = timeOf(group, 1, 0.5);
    await advance(group, now);
    const day = timeOf(group, 1, 2).toISOString().slice(0, 10);
    const id = await openBy(group, issa, now, { kind: "reschedule", memberId: `${awa.memberId}`, day });
    await allSayYes(group, [fatou, moussa], id, now);
    await advance(group, timeOf(group, 1, 1.9));
    expect(await dueOf(group, awa, 1)).toMatchObject({ state: "open" });
    await advance(group, timeOf(group, 1, 2.1));
    expect(await dueOf(group, awa, 1)).toMatchObject({ state: "late" });
    expect((await duesOf(group)).filter(({ kind }) => kind === "fine")).toHaveLength(1);
  });

  it.each([["2020-01-01"], ["2090-01-01"], ["31/12"], [""]])("to the day %s is refused", async (day) => {
    const { group, awa } = await groupOfFour();
    await advance(group, timeOf(group, 1, -2));
    const asked = openBy(group, awa, timeOf(group, 1, -1), {
      kind: "reschedule",
      memberId: `${awa.memberId}`,
      day,
    });
    await expect(asked).rejects.toMatchObject({ code: "validation_failed" });
  });
});

describe("an officer", () => {
  it("is replaced at once by the others; what the former one approved counts no more", async () => {
    const group = await runningGroup(db, { count: 6 });
    const [one, two, three] = group.people as [Person, Person, Person];
    const [, treasurer, secretary] = officersOf(group.people) as [Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) await pay(group, person, 1);
    const [payout] = await proposedOf(group, 1);
    const now = timeOf(group, 1);
    const approve = (person: Person) =>
      approvePayout(at(person.context, now), {
        code: group.code,
        payoutId: payout?.id ?? "",
        hash: payout?.hash ?? "",
        pin: TEST_PIN,
      });
    expect(await approve(treasurer)).toEqual({ isPaid: false });
    const input = { kind: "officer", role: "treasurer", memberId: `${two.memberId}` };
    const id = await openBy(group, three, now, input);
    for (const person of [treasurer, two]) {
      await expect(vote(group, person, id, "yes", now)).rejects.toMatchObject({
        code: "tontine_role_missing",
      });
    }
    expect(await allSayYes(group, [one, three], id, now)).toBe("open");
    expect(await vote(group, secretary, id, "yes", now)).toBe("applied");
    expect(await memberState(treasurer)).toEqual({ state: "active", roles: [] });
    expect(await memberState(two)).toEqual({ state: "active", roles: ["treasurer"] });
    await expect(approve(treasurer)).rejects.toMatchObject({ code: "tontine_role_missing" });
    expect(await approve(secretary)).toEqual({ isPaid: false });
    expect(await approve(two)).toEqual({ isPaid: true });
    await expectClean();
  });

  it("who audits holds no other office", async () => {
    const { group, fatou, awa, issa } = await groupOfFour();
    const now = timeOf(group, 1, -5);
    const ask = (role: string, about: Person) =>
      openBy(group, fatou, now, { kind: "officer", role, memberId: `${about.memberId}` });
    await expect(ask("auditor", issa)).rejects.toMatchObject({ code: "tontine_not_now" });
    await expect(ask("king", awa)).rejects.toMatchObject({ code: "not_found" });
    const id = await ask("auditor", awa);
    expect(await allSayYes(group, [fatou, issa], id, now)).toBe("applied");
    expect(await memberState(awa)).toMatchObject({ roles: ["auditor"] });
    await expect(ask("chair", awa)).rejects.toMatchObject({ code: "tontine_not_now" });
  });
});
