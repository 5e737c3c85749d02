import type { Reader } from "@/db/client";
import type { Group } from "../groups/group";
import { selectWallets } from "../groups/store";
import { type OwedDue, openMinor } from "../turns/store";
import { readLatePayments, readMoneyInTime } from "./store";

/** A contribution that a wallet pays, or may pay. */
interface Paid {
  walletId: bigint;
  due: OwedDue;
  amountMinor: bigint;
  /** What its debtor has to pay in this turn. */
  wantedMinor: bigint;
}

/**
 * Whether a contribution that was paid after its time counts as paid in time: what paid it, or repaid those who had covered it, was in the wallet
 * or on its way to it by the due time, as the provider stamped it. Who held enough and didn't pay was late.
 */
export async function isPaidInTime(
  reader: Reader,
  group: Group,
  due: OwedDue,
  wantedMinor: bigint,
  now: Date,
): Promise<boolean> {
  if (openMinor(due) > 0n || due.state === "covered") {
    const isOwnDeposit = openMinor(due) === 0n && (await isByDepositOnly(reader, due));
    if (!isOwnDeposit) return false;
  }
  const { byWallet, depositMinor, others } = await readLatePayments(reader, due.id, due.dueAt);
  if (others > 0 || (byWallet.length === 0 && depositMinor === 0n)) return false;
  for (const payment of byWallet) {
    const { walletId, amountMinor, paidAt } = payment;
    const paid = { walletId, due, amountMinor, wantedMinor };
    if (!(await isInTime(reader, group, paid, { at: paidAt, before: payment }))) return false;
  }
  if (depositMinor === 0n) return true;
  const wallet = (await selectWallets(reader, [due.memberId])).get(due.memberId);
  if (!wallet) return false;
  const paid = { walletId: wallet.walletId, due, amountMinor: depositMinor, wantedMinor };
  return await isInTime(reader, group, paid, { at: now, before: null });
}

async function isByDepositOnly(reader: Reader, due: OwedDue): Promise<boolean> {
  const { depositMinor } = await readLatePayments(reader, due.id, due.dueAt);
  return depositMinor === due.coveredMinor;
}

async function isInTime(
  reader: Reader,
  { tontine }: Group,
  { walletId, due, amountMinor, wantedMinor }: Paid,
  when: Pick<Parameters<typeof readMoneyInTime>[1], "at" | "before">,
): Promise<boolean> {
  const question = { walletId, currency: tontine.currency, dueAt: due.dueAt, ...when };
  const { leftMinor, heldMinor, isFresh } = await readMoneyInTime(reader, question);
  return isFresh && leftMinor >= amountMinor && heldMinor < wantedMinor;
}

/**
 * Of late contributions, in the order in which this wallet would pay them now: those that would count as paid in time. Their fines aren't
 * asked for together with them.
 */
export async function findPayableInTime(
  reader: Reader,
  group: Group,
  { walletId, contributions }: { walletId: bigint; contributions: readonly OwedDue[] },
  at: Date,
): Promise<ReadonlySet<bigint>> {
  const inTime = new Set<bigint>();
  let spent = 0n;
  for (const due of contributions) {
    const amountMinor = openMinor(due);
    const wantedMinor = contributions
      .filter(({ turnId }) => turnId === due.turnId)
      .reduce((sum, each) => sum + openMinor(each), 0n);
    const paid = { walletId, due, amountMinor: spent + amountMinor, wantedMinor };
    if (due.state === "late" && (await isInTime(reader, group, paid, { at, before: null })))
      inTime.add(due.id);
    spent += amountMinor;
  }
  return inTime;
}
