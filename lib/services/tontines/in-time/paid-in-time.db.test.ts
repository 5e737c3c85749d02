import { describe, expect, it, vi } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createContext, recordPendingDeposit, TEST_PIN } from "@/e2e/support/people";
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
  runTurn,
  type TestGroup,
  timeOf,
  trioOf,
} from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { applyCollection } from "../../deposits/apply-collection";
import { offerGuarantee, signGuarantee } from "../changes/guarantees";
import { giveMandate } from "../mandates/give-mandate";
import { repayDebts } from "../money/repay-debts";
import { getPayment } from "../views/get-payment";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase({ alone: true });
const pin = TEST_PIN;

/** Tops a wallet up: paid at one time, credited at another. */
async function topUp({ walletId }: Person, francs: bigint, paidAt: Date, creditedAt: Date): Promise<void> {
  const amount = money(francs, "XOF");
  const reference = await recordPendingDeposit(db, walletId, amount);
  const about = { provider: "test", reference, eventKey: reference, providerReference: reference };
  const update = { ...about, status: "succeeded", amount, currencyCode: "XOF", reasonCode: null } as const;
  const context = at(createContext(db, { kind: "provider", name: "test" }), creditedAt);
  await inTransaction(db, (tx) => applyCollection(tx, context, { ...update, live: null, paidAt }));
}

/** Three of whom the last has so many francs, on the evening before the first due time; fines are 300. */
async function waitingGroup(francs: bigint, values: Parameters<typeof groupOfThree>[1] = {}) {
  const group = await groupOfThree(db, { francs, closesAfterDays: "4", ...values });
  const [one, two, other] = trioOf(group);
  for (const each of [one, two]) await topUp(each, 50_000n, timeOf(group, 1, -3), timeOf(group, 1, -3));
  await advance(group, timeOf(group, 1, -2));
  for (const each of [one, two]) await pay(group, each, 1);
  return { group, other, one, two };
}

const time = (group: TestGroup, hours: number) => timeOf(group, 1, hours / 24);

const statesOf = async (group: TestGroup, { memberId }: Person) =>
  (await duesOf(group)).filter((due) => due.memberId === memberId).map(({ kind, state }) => [kind, state]);

const breaches = async () =>
  (await auditLedger(db)).filter((line) => line.breaches > 0n).map(({ promise }) => promise);

const PAID = [
  ["contribution", "paid"],
  ["fine", "waived"],
];

describe("a top-up that was paid before the due time and credited after it", () => {
  it("pays the contribution by hand in time: its fine isn't asked for, and goes", async () => {
    const { group, other } = await waitingGroup(0n);
    await advance(group, time(group, 1));
    await topUp(other, 10_000n, time(group, -1), time(group, 2));
    const context = at(other.context, time(group, 3));
    const { payees } = await getPayment(context, group.code);
    expect(payees[0]).toMatchObject({ isMe: true, total: money(10_000n, "XOF") });
    await pay(group, other, 1, { kinds: ["contribution", "fine"], now: time(group, 3) });
    expect(await statesOf(group, other)).toEqual(PAID);
    expect(await francsOf(group, other)).toBe(0n);
  });

  it("pays what was missing, with what the wallet held", async () => {
    const { group, other } = await waitingGroup(4_000n);
    await advance(group, time(group, 1));
    await topUp(other, 6_000n, time(group, -1), time(group, 2));
    await pay(group, other, 1, { now: time(group, 3) });
    await advance(group, time(group, 3.1));
    expect(await statesOf(group, other)).toEqual(PAID);
  });

  it("is taken by a standing contribution, whose fine was assessed before", async () => {
    const { group, other } = await waitingGroup(0n);
    await giveMandate(other.context, { code: group.code, ceiling: "10 000", endsOn: "2099-01-01", pin });
    await advance(group, time(group, 1));
    expect(await statesOf(group, other)).toEqual([
      ["contribution", "late"],
      ["fine", "open"],
    ]);
    await topUp(other, 10_300n, time(group, -1), time(group, 30));
    await advance(group, time(group, 31));
    expect(await statesOf(group, other)).toEqual(PAID);
    expect(await francsOf(group, other)).toBe(300n);
  });

  it("gives a fine back from the box that was paid already", async () => {
    const { group, other } = await waitingGroup(300n);
    await advance(group, time(group, 1));
    await pay(group, other, 1, { kinds: ["fine"], now: time(group, 1.5) });
    expect(await heldIn(group, "box")).toBe(300n);
    await topUp(other, 10_000n, time(group, -1), time(group, 2));
    await pay(group, other, 1, { now: time(group, 3) });
    for (let times = 0; times < 2; times += 1) await advance(group, time(group, 3.1));
    expect(await statesOf(group, other)).toEqual([
      ["contribution", "paid"],
      ["fine", "returned"],
    ]);
    expect([await heldIn(group, "box"), await francsOf(group, other)]).toEqual([0n, 300n]);
    expect(await breaches()).toEqual([]);
  });

  it("credited after a guarantor covered, repays them, and the fine goes", async () => {
    const { group, other, one } = await waitingGroup(0n);
    const guarantee = { code: group.code, guarantorId: one.memberId.toString(), amount: "20 000" };
    const { guaranteeId } = await offerGuarantee(other.context, guarantee);
    await signGuarantee(one.context, { code: group.code, guaranteeId: guaranteeId.toString(), pin });
    await advance(group, time(group, 1));
    await advance(group, timeOf(group, 1, 4.1));
    expect((await statesOf(group, other))[0]).toEqual(["contribution", "covered"]);
    await topUp(other, 10_000n, time(group, -1), timeOf(group, 1, 4.2));
    const repayment = { code: group.code, amount: "10 000", pin, key: newKey() };
    await repayDebts(at(other.context, timeOf(group, 1, 4.3)), repayment);
    await advance(group, timeOf(group, 1, 4.4));
    expect(await statesOf(group, other)).toEqual([
      ["contribution", "repaid"],
      ["fine", "waived"],
    ]);
    expect(await breaches()).toEqual([]);
  });

  it("credited after the debtor's own deposit covered: the fine goes", async () => {
    const { group, other } = await waitingGroup(10_000n, { deposit: "10 000" });
    await pay(group, other, 1, { kinds: ["deposit"] });
    await advance(group, time(group, 1));
    await advance(group, timeOf(group, 1, 4.1));
    await topUp(other, 10_000n, time(group, -1), timeOf(group, 1, 4.2));
    await advance(group, timeOf(group, 1, 4.3));
    expect((await statesOf(group, other)).filter(([kind]) => kind !== "deposit")).toEqual([
      ["contribution", "covered"],
      ["fine", "waived"],
    ]);
  });
});

describe("a fine stands", () => {
  it.each([
    ["when the top-up was paid after the due time", 10_000n, 0.5, 0n, 3],
    ["when it is too little, and the rest came later", 9_999n, -1, 0n, 3],
    ["when the wallet held enough without it", 500n, -1, 10_000n, 3],
    ["when it is paid with more than a day after the credit", 10_000n, -1, 0n, 27],
  ])("%s", async (_title, francs, paid, held, payment) => {
    const { group, other } = await waitingGroup(held);
    await advance(group, time(group, 1));
    await topUp(other, francs, time(group, paid), time(group, 2));
    await topUp(other, 5_000n, time(group, 2.1), time(group, 2.2));
    await pay(group, other, 1, { now: time(group, payment) });
    await advance(group, time(group, payment + 0.1));
    expect(await statesOf(group, other)).toEqual([
      ["contribution", "paid"],
      ["fine", "open"],
    ]);
  });

  it("for the second of two turns when one top-up was paid in time for one", async () => {
    const { group, other } = await waitingGroup(0n);
    await advance(group, time(group, 1));
    await topUp(other, 10_000n, time(group, -1), time(group, 2));
    await pay(group, other, 1, { now: time(group, 3) });
    await approveAll(group, 1, time(group, 4));
    await runTurn(group, 2, [other]);
    await topUp(other, 10_300n, timeOf(group, 2, 0.1), timeOf(group, 2, 0.2));
    await pay(group, other, 2, { kinds: ["contribution", "fine"], now: timeOf(group, 2, 5) });
    expect((await statesOf(group, other)).slice(2)).toEqual([
      ["contribution", "paid"],
      ["fine", "paid"],
    ]);
  });
});
