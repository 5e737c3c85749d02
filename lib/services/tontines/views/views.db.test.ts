import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { refusalOf } from "@/e2e/support/refusal";
import {
  advance,
  at,
  codeOf,
  createMember,
  officersOf,
  pay,
  runningGroup,
  timeOf,
  typedTontine,
} from "@/e2e/support/tontines";
import { money } from "@/lib/money/money";
import { addMember } from "../groups/add-member";
import { createTontine } from "../groups/create-tontine";
import { invite } from "../groups/invite";
import { reviewTontineSchema } from "../schema";
import { getAgreement, getInvitation, previewInvitation } from "./get-agreement";
import { getBooklet, readSealedBooklet } from "./get-booklet";
import { getMandate } from "./get-mandate";
import { getMinutes } from "./get-minutes";
import { getPayment, missingFor } from "./get-payment";
import { getRepayment } from "./get-repayment";
import { getSummary } from "./get-summary";
import { getTurn } from "./get-turn";
import { readWholeCashbook } from "./list-cashbook";
import { findNextDue, listSummaries } from "./list-summaries";
import { reviewTontine } from "./review-tontine";
import { showInvitation } from "./show-invitation";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase();

const francs = (amount: bigint) => money(amount, "XOF");

/** Five members whose first turn is called; Awa and Moussa hold no office. */
async function calledGroup() {
  const group = await runningGroup(db, { count: 5, closesAfterDays: "30" });
  await advance(group, timeOf(group, 1, -2));
  const [fatou, awa, , issa] = group.people;
  if (!fatou || !awa || !issa) throw new Error("five people");
  return { group, fatou, awa, issa, officers: officersOf(group.people) };
}

describe("a group as its members see it", () => {
  it("says who receives what, how many have paid, and what the viewer owes", async () => {
    const { group, fatou, issa } = await calledGroup();
    await pay(group, fatou, 1);
    const view = await getSummary(issa.context, group.code);
    expect(view.current).toMatchObject({
      number: 1,
      expected: francs(50_000n),
      paidCount: 1,
      receivers: [{ name: "Fatou T.", isMe: false }],
    });
    expect(view.myDues).toMatchObject([{ open: francs(10_000n), turn: 1, isLate: false }]);
    expect(view.turns.findIndex(({ receivers }) => receivers.some(({ isMe }) => isMe))).toBe(3);
    expect(view.current?.contributions[0]?.paidAt).toBeInstanceOf(Date);
    expect((await getSummary(fatou.context, group.code)).paid).toEqual(francs(10_000n));
  });

  it("names the payouts that wait for the viewer's approval: to officers who don't receive them", async () => {
    const { group, fatou, awa, issa } = await calledGroup();
    for (const person of group.people) await pay(group, person, 1);
    const awaitedBy = async ({ context }: typeof fatou) =>
      (await getSummary(context, group.code)).awaitedApprovals.map(({ turn }) => turn);
    expect(await awaitedBy(issa)).toEqual([1]);
    expect(await awaitedBy(fatou)).toEqual([]);
    expect(await awaitedBy(awa)).toEqual([]);
  });

  it("tells who is late to the debtor and to officers alone", async () => {
    const { group, fatou, awa, officers } = await calledGroup();
    for (const each of officers) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 0.1));
    const seenBy = async (who: typeof awa) => {
      const { current, members } = await getSummary(who.context, group.code);
      const stateOf = (wanted: string) => [
        current?.contributions.find(({ name }) => name === wanted)?.state,
        members.find(({ name }) => name === wanted)?.state,
      ];
      return { awa: stateOf("Awa T."), moussa: stateOf("Moussa T.") };
    };
    expect(await seenBy(awa)).toEqual({ awa: ["late", "late"], moussa: ["awaited", "active"] });
    expect(await seenBy(fatou)).toEqual({ awa: ["late", "late"], moussa: ["late", "late"] });
    expect((await getPayment(awa.context, group.code)).payees).toMatchObject([
      { name: "Awa T.", isMe: true, dues: [{ kind: "contribution" }, { kind: "fine" }] },
      { name: "Moussa T.", dues: [{ kind: "contribution" }], total: francs(10_000n) },
    ]);
    const payees = (await getPayment(fatou.context, group.code)).payees;
    expect(payees.map(({ dues }) => dues.length)).toEqual([0, 2, 2]);
  });

  it("has minutes of a turn with one hash for all, and names who is late or fined to the debtor and to officers", async () => {
    const { group, fatou, awa, officers } = await calledGroup();
    const { code } = group;
    for (const each of officers) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 0.1));
    const number = 1;
    const [member, officer] = [
      await getMinutes(awa.context, { code, number }),
      await getMinutes(fatou.context, { code, number }),
    ];
    const statesOf = ({ roll }: typeof member) => roll.map(({ state }) => state);
    expect(statesOf(member)).toEqual(["paid", "late", "awaited", "paid", "paid"]);
    expect(statesOf(officer)).toEqual(["paid", "late", "late", "paid", "paid"]);
    expect([member.paid, member.expected]).toEqual([francs(30_000n), francs(50_000n)]);
    expect(member.fines).toMatchObject({ count: 2, shown: [{ name: "Awa T." }] });
    expect(officer.fines.shown).toHaveLength(2);
    expect((await getTurn(awa.context, { code, number })).dues).toHaveLength(6);
    expect((await getTurn(fatou.context, { code, number })).dues).toHaveLength(7);
    expect(member.lines).toEqual(officer.lines);
    expect(member.hash).toBe(createHash("sha256").update(member.lines.join("\n")).digest("hex"));
    expect(member.lines.join()).not.toMatch(/late|"fine"|\+2\d\d/);
    expect(member.changes.map(({ kind }) => kind)).toContain("group.started");
    expect(member.isFinal).toBe(false);
    await pay(group, awa, 1, { now: timeOf(group, 1, 0.2) });
    expect((await getMinutes(awa.context, { code, number })).hash).not.toBe(member.hash);
    expect(await refusalOf(getMinutes(awa.context, { code, number: 2 }))).toMatchObject({
      code: "not_found",
    });
  });

  it("is not there for strangers", async () => {
    const { group } = await calledGroup();
    const { context } = await createMember(db, "Zoé", 0n);
    for (const read of [getSummary, getPayment, getBooklet, getAgreement, showInvitation]) {
      expect(await refusalOf(read(context, group.code))).toMatchObject({ code: "not_found" });
    }
    for (const read of [getRepayment, readSealedBooklet, readWholeCashbook]) {
      expect(await refusalOf(read(context, group.code))).toMatchObject({ code: "not_found" });
    }
    const minutes = getMinutes(context, { code: group.code, number: 1 });
    expect(await refusalOf(minutes)).toMatchObject({ code: "not_found" });
    expect(await refusalOf(getMandate(context, group.code, { ceiling: "", endsOn: "" }))).toMatchObject({
      code: "not_found",
    });
    expect(await listSummaries(context)).toEqual([]);
    expect(await findNextDue(context)).toBeNull();
  });

  it("lists what is due next over all groups", async () => {
    const { group, issa } = await calledGroup();
    expect(await listSummaries(issa.context)).toMatchObject([
      { code: group.code, paidCount: 0, dueCount: 5, turnCount: 5, owes: { amount: francs(10_000n) } },
    ]);
    expect(await findNextDue(issa.context)).toMatchObject({
      code: group.code,
      amount: francs(10_000n),
      dueAt: expect.any(Date),
      isLate: false,
    });
    await pay(group, issa, 1);
    expect(await findNextDue(issa.context)).toBeNull();
  });

  it("was audited in the last ten minutes, whoever looks", async () => {
    const { group, fatou, awa } = await calledGroup();
    await pay(group, fatou, 1);
    const auditAt = async ({ context }: typeof awa, minutes: number) =>
      (
        await getSummary(at(context, new Date(Date.now() + minutes * 60_000)), group.code, {
          isAudited: true,
        })
      ).audit;
    const first = await auditAt(awa, 0);
    expect(first).toMatchObject({ isClean: true, seal: { entryId: expect.any(BigInt) } });
    expect(await auditAt(fatou, 5)).toBe(first);
    expect((await auditAt(fatou, 11))?.at).not.toEqual(first?.at);
    expect((await getSummary(awa.context, group.code)).audit).toBeNull();
  });

  it("keeps a booklet of each due with its payments, and whose they were", async () => {
    const { group, awa, issa } = await calledGroup();
    await pay(group, issa, 1, { by: awa });
    const { lines, paid, open } = await getBooklet(issa.context, group.code);
    expect(lines).toMatchObject([
      {
        kind: "contribution",
        state: "paid",
        payments: [{ amount: francs(10_000n), via: "wallet", by: "Awa T.", reference: null }],
      },
    ]);
    expect([paid, open]).toEqual([francs(10_000n), francs(0n)]);
  });

  it("proposes a standing contribution of a share until the last due day", async () => {
    const { group, issa } = await calledGroup();
    const { proposed, given, problems } = await getMandate(issa.context, group.code, {
      ceiling: "",
      endsOn: "",
    });
    expect([proposed.ceiling, given, problems]).toEqual([francs(10_000n), null, []]);
    const past = await getMandate(issa.context, group.code, { ceiling: "x", endsOn: "2020-01-01" });
    expect(past.problems.map(({ field }) => field)).toEqual(["ceiling", "endsOn"]);
  });
});

describe("what somebody sees before signing", () => {
  it("shows the turn, the payments and the pot of each number of shares that is free", async () => {
    const [fatou, awa] = [await createMember(db, "Fatou", 0n), await createMember(db, "Awa", 0n)];
    const input = typedTontine({ shares: "3", deposit: "2 000", solidarity: "500" });
    const { code } = await createTontine(fatou.context, input);
    expect(await refusalOf(getInvitation(awa.context, code))).toMatchObject({ code: "not_found" });
    const { token } = await invite(fatou.context, { code });
    const seen = await getInvitation(awa.context, token);
    expect(seen.viewer).toBe("outside");
    expect(seen.offers).toMatchObject([
      {
        halves: 2,
        turns: [{ number: 2 }],
        perTurn: francs(10_500n),
        once: francs(2_000n),
        total: francs(33_500n),
        gets: francs(30_000n),
      },
      { halves: 1, perTurn: francs(5_250n), gets: francs(15_000n) },
      { halves: 4, turns: [{ number: 2 }, { number: 3 }], gets: francs(60_000n) },
    ]);
    expect((await getInvitation(awa.context, code)).rules).toEqual(seen.rules);
    expect(await previewInvitation(awa.context, token)).toEqual({ name: input.name });
    expect(await refusalOf(previewInvitation(awa.context, code))).toMatchObject({ code: "not_found" });
  });

  it("shows an invitation to officers only, once it was opened", async () => {
    const users = [await createMember(db, "Fatou", 0n), await createMember(db, "Awa", 0n)];
    const code = await codeOf(users, { shares: "3" });
    const [fatou, awa] = users;
    if (!fatou || !awa) throw new Error("two people");
    expect(await showInvitation(fatou.context, code)).toMatchObject({ code, freeHalves: 2 });
    await addMember(fatou.context, { code, name: "Mariam", phone: "", shares: "1" });
    expect(await showInvitation(fatou.context, code)).toMatchObject({ freeHalves: 0 });
    expect(await refusalOf(showInvitation(awa.context, code))).toMatchObject({
      code: "tontine_role_missing",
    });
  });

  it("writes the rules of a form before anything is made, or says what is wrong in it", async () => {
    const { context } = await createMember(db, "Fatou", 0n);
    const { key: _, ...typed } = typedTontine();
    expect(reviewTontine(context, reviewTontineSchema.parse(typed)).fr).toContain("Tontine des Sœurs");
    const wrong = reviewTontineSchema.parse({ ...typed, contribution: "", shares: "1", time: "25:00" });
    expect(() => reviewTontine(context, wrong)).toThrow(
      expect.objectContaining({ code: "validation_failed" }),
    );
    expect(await listSummaries(context)).toEqual([]);
  });
});

it("a wallet lacks the difference, or nothing", () => {
  expect(missingFor(francs(10_000n), francs(4_000n))).toEqual(francs(6_000n));
  expect(missingFor(francs(10_000n), francs(10_000n))).toBeNull();
});
