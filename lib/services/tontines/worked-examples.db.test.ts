import { describe, expect, it, vi } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  duesOf,
  francsOf,
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
import { newKey } from "@/lib/ids";
import { chart } from "@/lib/ledger/chart";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { postEntry } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import { offerGuarantee, signGuarantee } from "./changes/guarantees";
import { acceptLeaver, leaveTontine } from "./changes/leave-tontine";
import { acceptSwap, applySwap, offerSwap } from "./changes/swap-turns";
import { closeTontine } from "./closing/close-tontine";
import { repayDebts } from "./money/repay-debts";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase({ alone: true });

/** The breaches of the audit's tontine checks. */
async function breaches(): Promise<string[]> {
  const lines = await auditLedger(db);
  return lines.filter((line) => line.breaches > 0n).map(({ promise }) => promise);
}

function person(group: TestGroup, name: string): Person {
  const found = group.people.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

const gained = async (group: TestGroup, who: Person, before = 120_000n) =>
  (await francsOf(group, who)) - before;

describe("the worked examples of the design: 12 shares, 10 000 FCFA", () => {
  it("normal: twelve pay 10 000, Fatou gets 120 000 and the pot is empty", async () => {
    const group = await runningGroup(db);
    const fatou = person(group, "Fatou");
    await advance(group, timeOf(group, 1, -2));
    expect(await duesOf(group)).toHaveLength(12);
    for (const each of group.people) await pay(group, each, 1);
    expect(await potOf(group, 1)).toBe(120_000n);
    expect(await turnStates(group)).toEqual(["complete", ...Array(11).fill("planned")]);
    await approveAll(group, 1, timeOf(group, 1));
    expect(await potOf(group, 1)).toBe(0n);
    expect(await gained(group, fatou)).toBe(110_000n);
    expect((await turnStates(group))[0]).toBe("paid");
    await advance(group, timeOf(group, 1, 4));
    expect((await turnStates(group))[0]).toBe("closed");
    expect(await breaches()).toEqual([]);
  });

  it("late: Fatou gets 110 000, and 10 000 with Moussa's payment, who pays a fine of 300", async () => {
    const group = await runningGroup(db, { closesAfterDays: "0" });
    const [fatou, moussa] = [person(group, "Fatou"), person(group, "Moussa")];
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) if (each !== moussa) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 0.01));
    expect((await turnStates(group))[0]).toBe("short");
    await approveAll(group, 1, timeOf(group, 1, 0.1));
    expect(await gained(group, fatou)).toBe(100_000n);
    expect((await turnStates(group))[0]).toBe("part_paid");
    await pay(group, moussa, 1, { kinds: ["contribution", "fine"], now: timeOf(group, 1, 2) });
    expect(await gained(group, fatou)).toBe(110_000n);
    expect(await gained(group, moussa)).toBe(-10_300n);
    expect(await heldIn(group, "box")).toBe(300n);
    expect((await turnStates(group))[0]).toBe("paid");
    expect(await breaches()).toEqual([]);
  });

  it("late after having taken: the fine is 1 000", async () => {
    const group = await runningGroup(db, { closesAfterDays: "0" });
    const fatou = person(group, "Fatou");
    await runTurn(group, 1);
    await runTurn(group, 2, [fatou]);
    const fines = (await duesOf(group)).filter(({ kind }) => kind === "fine");
    expect(fines).toMatchObject([{ memberId: fatou.memberId, amount: 1_000n, state: "open" }]);
    expect(await proposedOf(group, 2)).toEqual([]);
  });

  it("default after taking: deposit, guarantor, fund, then short pots; 30 000 repay Koffi first, then the fund", async () => {
    const group = await runningGroup(db, { francs: 300_000n, deposit: "10 000" });
    const [awa, koffi, other] = [person(group, "Awa"), person(group, "Koffi"), person(group, "Gifty")];
    const guarantorId = koffi.memberId.toString();
    const { code } = group;
    const { guaranteeId } = await offerGuarantee(awa.context, { code, guarantorId, amount: "20 000" });
    await signGuarantee(koffi.context, { code, guaranteeId: guaranteeId.toString(), pin: TEST_PIN });
    await giveToFund(group, other, 10_000n);
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) await pay(group, each, 1, { kinds: ["deposit"] });
    for (const turn of [1, 2, 3, 4]) await runTurn(group, turn);
    const before = await francsOf(group, koffi);
    for (const turn of [5, 6, 7, 8]) await runTurn(group, turn, [awa]);
    expect(await heldIn(group, `guarantee/${awa.memberId}`)).toBe(0n);
    expect(await heldIn(group, "solidarity")).toBe(0n);
    const states = await turnStates(group);
    expect(states.slice(4, 8)).not.toContain("part_paid");
    for (const turn of [9, 10, 11, 12]) await runTurn(group, turn, [awa]);
    expect((await turnStates(group)).slice(8)).toEqual(Array(4).fill("part_paid"));
    const dues = (await duesOf(group)).filter(({ memberId }) => memberId === awa.memberId);
    const late = dues.filter(({ turn, kind }) => turn >= 5 && kind === "contribution");
    expect(late.map(({ state }) => state)).toEqual([...Array(4).fill("covered"), ...Array(4).fill("late")]);
    const fines = dues.filter(({ kind }) => kind === "fine");
    expect(fines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(5_000n);
    // Koffi took turn 5 himself, and paid for Awa twice.
    expect((await francsOf(group, koffi)) - before).toBe(120_000n - 8n * 10_000n - 20_000n);
    const now = timeOf(group, 12, 5);
    const repayment = { code, amount: "30 000", pin: TEST_PIN, key: newKey() };
    await repayDebts(at(awa.context, now), repayment);
    expect((await francsOf(group, koffi)) - before).toBe(120_000n - 8n * 10_000n);
    expect(await heldIn(group, "solidarity")).toBe(10_000n);
    expect(await breaches()).toEqual([]);

    await advance(group, timeOf(group, 12, 9));
    const [chair] = group.people;
    await closeTontine(at(chair?.context ?? awa.context, timeOf(group, 12, 10)), { code, pin: TEST_PIN });
    // What the short turns 9 to 12 still lack, to their four receivers.
    expect(await owedBy(awa)).toBe(40_000n);
    expect(await breaches()).toEqual([]);
  });

  it("leaver before taking: takers pay back, a third stays in the box, and every other member nets to exactly zero", async () => {
    const names = [
      "Fatou",
      "Awa",
      "Moussa",
      "Issa",
      "Koffi",
      "Binta",
      "Adjoa",
      "Aya",
      "Salif",
      "Désiré",
      "Efua",
      "Gifty",
    ];
    const group = await runningGroup(db, { names });
    const salif = person(group, "Salif");
    for (const turn of [1, 2, 3]) await runTurn(group, turn);
    const { code } = group;
    const now = timeOf(group, 3, 4.7);
    await leaveTontine(at(salif.context, now), { code, pin: TEST_PIN });
    const officer = person(group, "Gifty");
    await acceptLeaver(at(officer.context, now), {
      code,
      memberId: salif.memberId.toString(),
      pin: TEST_PIN,
    });
    for (const turn of [4, 5, 6, 7, 8, 9, 10, 11, 12]) await runTurn(group, turn);
    expect(await gained(group, salif)).toBe(-10_000n);
    expect(await heldIn(group, "box")).toBe(10_000n);
    for (const each of group.people)
      if (each !== salif) expect([each.name, await gained(group, each)]).toEqual([each.name, 0n]);
    const payers = (await duesOf(group)).filter(({ turn }) => turn === 9).map(({ memberId }) => memberId);
    expect(payers).toEqual(group.people.slice(0, 3).map(({ memberId }) => memberId));
    await advance(group, timeOf(group, 12, 8));
    await closeTontine(at(officer.context, timeOf(group, 12, 9)), { code, pin: TEST_PIN });
    // 10 000 by eleven shares: 909 and the odd franc to the first.
    expect(await gained(group, person(group, "Fatou"))).toBe(910n);
    expect(await gained(group, officer)).toBe(909n);
    expect(await breaches()).toEqual([]);
  });

  it("swap: Issa gives Fatou 2 000, and their turns change", async () => {
    const names = [
      "Awa",
      "Koffi",
      "Moussa",
      "Fatou",
      "Salif",
      "Binta",
      "Adjoa",
      "Aya",
      "Issa",
      "Désiré",
      "Efua",
      "Gifty",
    ];
    const group = await runningGroup(db, { names });
    const [issa, fatou, officer] = [person(group, "Issa"), person(group, "Fatou"), person(group, "Gifty")];
    const { code } = group;
    const [holderId, withHolderId] = [await holderOf(issa), await holderOf(fatou)];
    const offer = { code, holderId, withHolderId, consideration: "2 000", pin: TEST_PIN };
    const id = (await offerSwap(issa.context, offer)).swapId.toString();
    await expect(applySwap(officer.context, { code, id, pin: TEST_PIN })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    await acceptSwap(fatou.context, { code, id, pin: TEST_PIN });
    await applySwap(officer.context, { code, id, pin: TEST_PIN });
    await applySwap(officer.context, { code, id, pin: TEST_PIN });
    expect([await gained(group, issa), await gained(group, fatou)]).toEqual([-2_000n, 2_000n]);
    for (const turn of [1, 2, 3, 4]) await runTurn(group, turn);
    expect(await gained(group, issa)).toBe(120_000n - 40_000n - 2_000n);
    expect(await gained(group, fatou)).toBe(-40_000n + 2_000n);
    expect(await breaches()).toEqual([]);
  });

  it("ceiling 2 000 000, balance 150 000, pot 3 000 000: 1 850 000 reach the wallet and 1 150 000 are kept", async () => {
    const group = await runningGroup(db, { count: 3, francs: 1_150_000n, contribution: "1 000 000" });
    const [first] = group.people;
    if (!first) throw new Error("three people");
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) await pay(group, each, 1);
    await approveAll(group, 1, timeOf(group, 1));
    expect(await francsOf(group, first)).toBe(2_000_000n);
    expect(await heldIn(group, `owed/${first.memberId}`)).toBe(1_150_000n);
    expect(await potOf(group, 1)).toBe(0n);
    await advance(group, timeOf(group, 2, -2));
    await pay(group, first, 2);
    await advance(group, timeOf(group, 2, -1));
    expect(await heldIn(group, `owed/${first.memberId}`)).toBe(150_000n);
    expect(await breaches()).toEqual([]);
  });
});

/** Puts francs of somebody into the solidarity fund. */
async function giveToFund(group: TestGroup, { walletId }: Person, francs: bigint): Promise<void> {
  const amount = money(francs, "XOF");
  const account = chart.tontineSolidarity({ id: group.id, currency: "XOF" });
  const from = chart.available(walletId, "XOF");
  const draft = {
    source: newKey(),
    step: "gift",
    occurredAt: new Date(),
    postings: [{ from, to: account, amount }],
  };
  await inTransaction(db, (tx) => postEntry(tx, draft));
}

async function holderOf({ memberId }: Person): Promise<string> {
  const [row] = await db.$client<{ id: string }[]>`
    select id from tontine_share_holders where member_id = ${memberId.toString()}`;
  return row?.id ?? "";
}

/** What a member still owes others. */
async function owedBy({ memberId }: Person): Promise<bigint> {
  const [row] = await db.$client<{ owed: string }[]>`
    select coalesce(sum(amount_minor - repaid_minor), 0) as owed from tontine_debts where debtor_member_id = ${memberId.toString()}`;
  return BigInt(row?.owed ?? 0);
}
