import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { allSayYes, openBy } from "@/e2e/support/decisions";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  duesOf,
  francsOf,
  groupWithProposal,
  heldIn,
  type Person,
  pay,
  runningGroup,
  system,
  type TestGroup,
  timeOf,
  trioOf,
  turnStates,
} from "@/e2e/support/tontines";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { giveMandate } from "../mandates/give-mandate";
import { remindDues } from "../notices/remind-dues";
import type { OpenDispute } from "../schema";
import { listDisputes } from "../views/list-disputes";
import { answerDispute } from "./answer-dispute";
import { openDispute, withdrawDispute } from "./open-dispute";
import { ruleDispute } from "./rule-dispute";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });

type Four = [Person, Person, Person, Person];

async function dispute(group: TestGroup, person: Person, now: Date, input: Omit<OpenDispute, "code">) {
  const { code } = group;
  const { disputeId } = await openDispute(at(person.context, now), {
    code,
    reason: "Payé à temps.",
    ...input,
  });
  return disputeId.toString();
}

const rule = (
  group: TestGroup,
  person: Person,
  now: Date,
  disputeId: string,
  outcome: "granted" | "upheld",
) => ruleDispute(at(person.context, now), { code: group.code, disputeId, outcome, pin: TEST_PIN });

async function expectClean(): Promise<void> {
  const broken = (await auditLedger(db)).filter(({ breaches }) => breaches !== 0n);
  expect(broken.map(({ promise }) => promise)).toEqual([]);
}

/** Four of whom the treasurer was fined in the first turn; the second audits. */
async function finedGroup() {
  const group = await runningGroup(db, { count: 4 });
  const [chair, auditor, late, secretary] = group.people as Four;
  const before = timeOf(group, 1, -5);
  const office = { kind: "officer", role: "auditor", memberId: `${auditor.memberId}` };
  const id = await openBy(group, chair, before, office);
  await allSayYes(group, [chair, secretary], id, before);
  await advance(group, timeOf(group, 1, -2));
  for (const person of [chair, auditor, secretary]) await pay(group, person, 1);
  const now = timeOf(group, 1, 0.5);
  await advance(group, now);
  const fine = (await duesOf(group)).find(({ kind }) => kind === "fine");
  return { group, chair, auditor, late, secretary, now, fineId: fine?.id ?? "" };
}

const days = (now: Date, count: number) => new Date(now.getTime() + count * 86_400_000);

describe("a contested fine", () => {
  it("that was paid is given back from the box once the auditor and another officer cancel it", async () => {
    const { group, auditor, late, secretary, now, fineId } = await finedGroup();
    await pay(group, late, 1, { kinds: ["fine"], now });
    expect(await heldIn(group, "box")).toBe(300n);
    const before = await francsOf(group, late);
    const id = await dispute(group, late, days(now, 6), { about: "fine", id: fineId });
    expect(await rule(group, secretary, days(now, 6), id, "granted")).toEqual({ state: "opened" });
    expect(await rule(group, auditor, days(now, 6), id, "granted")).toEqual({ state: "settled" });
    expect(await rule(group, auditor, days(now, 6), id, "granted")).toEqual({ state: "settled" });
    expect((await francsOf(group, late)) - before).toBe(300n);
    expect(await heldIn(group, "box")).toBe(0n);
    await expectClean();
  });

  it("is not taken by the standing contribution, and is owed no more once it is cancelled", async () => {
    const { group, auditor, chair, late, now, fineId } = await finedGroup();
    const id = await dispute(group, late, now, { about: "fine", id: fineId });
    const mandate = { code: group.code, ceiling: "10 000", endsOn: "2099-01-01", pin: TEST_PIN };
    await giveMandate(at(late.context, now), mandate);
    await advance(group, days(now, 0.5));
    const due = async (kind: string) =>
      (await duesOf(group)).find((each) => each.kind === kind && each.memberId === late.memberId);
    expect(await due("contribution")).toMatchObject({ state: "paid" });
    expect(await due("fine")).toMatchObject({ state: "open", paid: 0n });
    await rule(group, auditor, now, id, "granted");
    await rule(group, chair, now, id, "granted");
    expect(await due("fine")).toMatchObject({ state: "waived", paid: 0n });
    await expectClean();
  });

  it("is contested by its debtor only, within seven days, and settled by no two without the auditor", async () => {
    const { group, auditor, chair, late, secretary, now, fineId } = await finedGroup();
    const input = { about: "fine", id: fineId } as const;
    await expect(dispute(group, chair, now, input)).rejects.toMatchObject({ code: "not_found" });
    await expect(dispute(group, late, days(now, 7), input)).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    await expect(dispute(group, late, now, { ...input, reason: " " })).rejects.toMatchObject({
      code: "validation_failed",
    });
    const finesOf = async (person: Person) =>
      (await listDisputes(at(person.context, now), group.code)).choices.filter(
        ({ about }) => about === "fine",
      );
    expect(await finesOf(late)).toHaveLength(1);
    expect(await finesOf(chair)).toEqual([]);
    const id = await dispute(group, late, now, input);
    await rule(group, chair, now, id, "upheld");
    expect(await rule(group, secretary, now, id, "upheld")).toEqual({ state: "opened" });
    expect(await rule(group, auditor, now, id, "upheld")).toEqual({ state: "settled" });
    await expect(dispute(group, late, now, input)).rejects.toMatchObject({ code: "tontine_not_now" });
    expect((await duesOf(group)).find(({ kind }) => kind === "fine")).toMatchObject({ state: "open" });
  });
});

describe("a disputed turn", () => {
  it("holds its payout until the dispute is withdrawn", async () => {
    const { group, now } = await groupWithProposal(db);
    const [, two] = trioOf(group);
    const id = await dispute(group, two, now, { about: "turn", id: "1" });
    await expect(approveAll(group, 1, now)).rejects.toMatchObject({ code: "tontine_disputed" });
    await withdrawDispute(at(two.context, now), { code: group.code, disputeId: id });
    await approveAll(group, 1, now);
    expect((await turnStates(group))[0]).toBe("paid");
  });

  it("holds only what is unpaid: the rest of a short pot follows once it is settled", async () => {
    const group = await runningGroup(db, { count: 4, closesAfterDays: "0" });
    const [one, two, three, four] = group.people as Four;
    await advance(group, timeOf(group, 1, -2));
    for (const person of [one, three, four]) await pay(group, person, 1);
    const now = timeOf(group, 1, 0.5);
    await advance(group, now);
    await approveAll(group, 1, now);
    const before = await francsOf(group, one);
    const id = await dispute(group, two, now, { about: "turn", id: "1" });
    await pay(group, two, 1, { now });
    await advance(group, now);
    expect(await francsOf(group, one)).toBe(before);
    await rule(group, three, now, id, "upheld");
    await rule(group, four, now, id, "upheld");
    await advance(group, now);
    expect((await francsOf(group, one)) - before).toBe(10_000n);
    await expectClean();
  });
});

describe("a dispute", () => {
  it("is answered by an officer who didn't open it, and never ruled on by who is concerned", async () => {
    const { group, now } = await groupWithProposal(db);
    const [one, two, three] = trioOf(group);
    const id = await dispute(group, two, now, { about: "turn", id: "1" });
    const answer = (person: Person, text: string) =>
      answerDispute(at(person.context, now), { code: group.code, disputeId: id, answer: text });
    await expect(answer(two, "Non.")).rejects.toMatchObject({ code: "tontine_role_missing" });
    await answer(three, "Vérifié.");
    await answer(three, "Vérifié.");
    await expect(answer(one, "Encore.")).rejects.toMatchObject({ code: "tontine_not_now" });
    await expect(rule(group, one, now, id, "upheld")).rejects.toMatchObject({ code: "tontine_role_missing" });
    await expect(rule(group, two, now, id, "granted")).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    const [row] = (await listDisputes(at(three.context, now), group.code)).disputes;
    expect(row).toMatchObject({ state: "answered", answer: "Vérifié.", mayRule: true, mayAnswer: false });
    await expect(
      owner`update tontine_disputes set state = 'settled', outcome = 'granted', settled_at = now() where id = ${id}`,
    ).rejects.toThrow("two officers");
  });

  it("that is overdue is told to all officers, once for the answer and once for the ruling", async () => {
    const { group, now } = await groupWithProposal(db);
    const [one, two] = trioOf(group);
    await dispute(group, two, now, { about: "turn", id: "1" });
    for (const after of [1.9, 2.1, 2.2, 14.9, 15.1, 16]) await remindDues(system(db, days(now, after)));
    for (const person of [one, two]) {
      const told = await owner`select id from notices where user_id = ${person.userId.toString()}
        and kind = 'tontine_dispute_overdue'`;
      expect(told).toHaveLength(2);
    }
  });
});
