import { and, eq, inArray, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { operations, tontineDuePayments, tontineReturns } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import type { Currency } from "@/lib/money/currency";

/** How long after a credit a payment by hand still counts as made with it. */
const PAID_AFTER_HOURS = 24;
/** Credits that are older change no fine any more. */
const LOOKED_BACK_DAYS = 7;

/** Fines of a group that may go: a top-up paid before their due time was credited after it. */
export async function selectQuestionedFines(
  reader: Reader,
  tontineId: bigint,
  now: Date,
): Promise<{ fineId: bigint; dueId: bigint }[]> {
  const rows = await preparedSql(reader)<{ fine: string; due: string }[]>`
    select f.id as fine, d.id as due from tontine_dues f
    join tontine_dues d on d.turn_id = f.turn_id and d.share_id = f.share_id and d.holder_id = f.holder_id and d.kind = 'contribution'
    where f.tontine_id = ${tontineId.toString()} and f.kind = 'fine' and f.state in ('open', 'part', 'paid')
      and exists (
        select from tontine_members m join wallets w on w.user_id = m.user_id
        join deposit_payments x on x.wallet_id = w.id and x.credited_at > coalesce(d.postponed_to, d.due_at) and x.paid_at <= coalesce(d.postponed_to, d.due_at)
          and x.credited_at > ${now.toISOString()}::timestamptz - make_interval(days => ${LOOKED_BACK_DAYS})
        where m.tontine_id = f.tontine_id)
    order by f.id`;
  return rows.map(({ fine, due }) => ({ fineId: BigInt(fine), dueId: BigInt(due) }));
}

/** What a wallet paid for a due: itself, or back to those who had covered it. */
export interface WalletPayment {
  walletId: bigint;
  entryId: bigint;
  amountMinor: bigint;
  paidAt: Date;
}

/** How a due was paid: `others` by anything but a wallet or the debtor's deposit. */
export interface PaymentsOfDue {
  byWallet: readonly WalletPayment[];
  depositMinor: bigint;
  others: number;
}

/** All payments of a due after its time, a cover by others as the debtor repaid it. */
export async function readLatePayments(reader: Reader, dueId: bigint, dueAt: Date): Promise<PaymentsOfDue> {
  const after = dueAt.toISOString();
  const rows = await preparedSql(reader)<
    { via: string; wallet: string | null; entry: string; amount: string; paid_at: string }[]
  >`
    select p.via, o.wallet_id as wallet, p.entry_id as entry, p.amount_minor as amount, p.paid_at
    from tontine_due_payments p left join operations o on o.id = p.operation_id
    where p.due_id = ${dueId.toString()} and p.paid_at > ${after}::timestamptz and p.via not in ('guarantor', 'solidarity')
    union all
    select 'wallet', o.wallet_id, e.id, o.amount_minor, e.occurred_at
    from tontine_debts b join tontine_debt_repayments r on r.debt_id = b.id
    join operations o on o.id = r.operation_id join ledger_entries e on e.source = o.reference and e.step = o.type
    where b.due_id = ${dueId.toString()}`;
  const byWallet = rows.flatMap(({ via, wallet, entry, amount, paid_at: paidAt }) =>
    via === "wallet" && wallet !== null
      ? [
          {
            walletId: BigInt(wallet),
            entryId: BigInt(entry),
            amountMinor: BigInt(amount),
            paidAt: new Date(paidAt),
          },
        ]
      : [],
  );
  const deposits = rows.filter(({ via }) => via === "deposit");
  return {
    byWallet,
    depositMinor: deposits.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    others: rows.length - byWallet.length - deposits.length,
  };
}

/** A wallet's money at a moment, as a due time divides it. */
export interface MoneyInTime {
  /** What it holds of what it had at the due time, and of top-ups that were paid by then: what came otherwise is spent last. */
  leftMinor: bigint;
  /** What it held at the due time. */
  heldMinor: bigint;
  /** Whether such a top-up was credited lately. */
  isFresh: boolean;
}

interface Question {
  walletId: bigint;
  currency: Currency;
  dueAt: Date;
  at: Date;
  /** Just before this entry took from the wallet; as it is when null. */
  before: WalletPayment | null;
}

export async function readMoneyInTime(reader: Reader, question: Question): Promise<MoneyInTime> {
  const { walletId, currency, dueAt, at, before } = question;
  const [row] = await preparedSql(reader)<
    { balance: string; change: string; late: string; fresh: boolean }[]
  >`
    with account as (
      select a.id, coalesce(p.from_balance + p.amount, a.balance) as balance, coalesce(p.from_version, a.version + 1) as version
      from ledger_accounts a
      left join ledger_postings p on p.from_account = a.id and p.entry_id = ${before?.entryId.toString() ?? null}::bigint
      where a.address = ledger_address_available(${walletId.toString()}::bigint, ${currency})
    ), since as (
      select case when m.to_account = a.id then m.amount else -m.amount end as change, d.paid_at <= ${dueAt.toISOString()}::timestamptz as stamped,
        d.credited_at
      from account a join ledger_postings m on m.to_account = a.id or m.from_account = a.id
      join ledger_entries e on e.id = m.entry_id
      left join operations o on o.reference = e.source and o.type = 'deposit'
      left join deposit_payments d on d.operation_id = o.id and m.to_account = a.id
      where e.occurred_at > ${dueAt.toISOString()}::timestamptz
        and case when m.to_account = a.id then m.to_version else m.from_version end < a.version
    )
    select a.balance, coalesce(sum(s.change), 0) as change,
      coalesce(sum(s.change) filter (where s.change > 0 and s.stamped is not true), 0) as late,
      coalesce(bool_or(s.stamped and s.credited_at >= ${at.toISOString()}::timestamptz - make_interval(hours => ${PAID_AFTER_HOURS})),
        false) as fresh
    from account a left join since s on true group by a.balance`;
  const balance = BigInt(row?.balance ?? 0);
  return {
    leftMinor: balance - BigInt(row?.late ?? 0),
    heldMinor: balance - BigInt(row?.change ?? 0),
    isFresh: row?.fresh ?? false,
  };
}

/** A payment of a due with where it came from. */
export interface PaymentRow {
  id: bigint;
  amountMinor: bigint;
  via: (typeof tontineDuePayments.$inferSelect)["via"];
  payerMemberId: bigint | null;
}

/** Payments of these dues that weren't given back, oldest first. */
export async function selectKeptPayments(
  reader: Reader,
  dueIds: readonly bigint[],
): Promise<(PaymentRow & { dueId: bigint })[]> {
  if (dueIds.length === 0) return [];
  const { id, dueId, amountMinor, via, payerMemberId } = tontineDuePayments;
  return await reader
    .select({ id, dueId, amountMinor, via, payerMemberId })
    .from(tontineDuePayments)
    .leftJoin(tontineReturns, eq(tontineReturns.paymentId, id))
    .leftJoin(operations, eq(operations.id, tontineDuePayments.operationId))
    .where(and(inArray(dueId, [...dueIds]), sql`${tontineReturns.id} is null`))
    .orderBy(id);
}

export async function insertReturns(
  tx: Transaction,
  rows: (typeof tontineReturns.$inferInsert)[],
): Promise<void> {
  if (rows.length > 0) await tx.insert(tontineReturns).values(rows);
}
