import { and, between, desc, eq, gte, isNotNull, isNull, sql } from "drizzle-orm";
import type { Database, Reader, Transaction } from "@/db/client";
import { idempotencyKeys, operations, quotes, users, wallets } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";

/** The result of one transfer, in the terms of transfer_post (db/migrations/0014_recovery.sql). */
export type TransferVerdict =
  | "posted"
  | "replayed"
  | "mismatch"
  | "insufficient_funds"
  | "recipient_not_found"
  | "recipient_is_self"
  | "unauthenticated"
  | "wallet_frozen"
  | "money_out_limited";

/** One transfer as the function takes it. */
export interface TransferRow {
  userId: bigint;
  /** `user:<id>` or `key:<id>`. */
  actor: string;
  walletNumber: string;
  currency: Currency;
  amountMinor: bigint;
  note: string | null;
  /** Stays the same when a row is sent again. */
  reference: string;
  key: string | null;
  /** SHA-256 of the input in hex; null without a key. */
  hash: string | null;
}

export interface TransferOutcome {
  verdict: TransferVerdict;
  /** The row's own, or the one that a replayed key stands for. */
  reference: string;
}

/** Sends a list in one statement, which is its own transaction; outcomes in order. */
export async function callTransferPost(
  db: Database,
  rows: readonly TransferRow[],
): Promise<TransferOutcome[]> {
  return await transferPost(preparedSql(db), rows);
}

/** As {@link callTransferPost} for one transfer in the caller's transaction, which commits or undoes it with the rest. */
export async function callTransferPostWithin(tx: Transaction, row: TransferRow): Promise<TransferOutcome> {
  const [outcome] = await transferPost(preparedSql(tx), [row]);
  invariant(outcome, "a transfer has an outcome");
  return outcome;
}

/** As {@link callTransferPost} for one transfer, which waits at most a second for a lock. Takes four round trips. */
export async function callTransferPostWithShortLockTimeout(
  db: Database,
  row: TransferRow,
): Promise<TransferOutcome[]> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`set local lock_timeout = '1s'`);
    return await transferPost(preparedSql(tx), [row]);
  });
}

async function transferPost(
  client: ReturnType<typeof preparedSql>,
  rows: readonly TransferRow[],
): Promise<TransferOutcome[]> {
  const [row] = await client<{ verdicts: TransferVerdict[]; refs: string[] }[]>`
    select verdicts, refs from transfer_post(
      ${rows.map(({ userId }) => userId.toString())}, ${rows.map(({ actor }) => actor)},
      ${rows.map(({ walletNumber }) => walletNumber)}, ${rows.map(({ currency }) => currency)},
      ${rows.map(({ amountMinor }) => amountMinor.toString())}, ${rows.map(({ note }) => note)},
      ${rows.map(({ reference }) => reference)}, ${rows.map(({ key }) => key)}, ${rows.map(({ hash }) => hash)})`;
  return (row?.verdicts ?? []).map((verdict, index) => ({ verdict, reference: row?.refs[index] ?? "" }));
}

/** A list of one user's transfers under one key, or none. */
export interface TransferListCall {
  userId: bigint;
  actor: string;
  key: string | null;
  hash: string | null;
  items: readonly Pick<TransferRow, "walletNumber" | "currency" | "amountMinor" | "note" | "reference">[];
}

export interface TransferListAnswer {
  outcome: "sent" | "replayed" | "mismatch" | "unauthenticated" | "wallet_frozen";
  /** A JSON array of {@link TransferOutcome}; null when the whole list was refused. */
  answer: string | null;
}

/** As {@link callTransferPost} for a list that stands or is replayed as one. */
export async function callTransferPostList(
  db: Database,
  call: TransferListCall,
): Promise<TransferListAnswer> {
  const { items } = call;
  const sql = preparedSql(db);
  const [row] = await sql<TransferListAnswer[]>`
    select outcome, answer from transfer_post_list(
      ${call.userId.toString()}, ${call.actor}, ${call.key}, ${call.hash},
      ${items.map(({ walletNumber }) => walletNumber)}, ${items.map(({ currency }) => currency)},
      ${items.map(({ amountMinor }) => amountMinor.toString())}, ${items.map(({ note }) => note)},
      ${items.map(({ reference }) => reference)})`;
  invariant(row, "a function answers a row");
  return row;
}

export interface OwnerRow {
  userId: bigint;
  walletId: bigint;
  walletNumber: string;
  firstName: string;
  lastName: string;
  frozenAt: Date | null;
}

const OWNER = {
  userId: users.id,
  walletId: wallets.id,
  walletNumber: wallets.number,
  firstName: users.firstName,
  lastName: users.lastName,
  frozenAt: users.frozenAt,
};

/** The owner of a wallet by its number. */
export async function findOwnerByNumber(reader: Reader, walletNumber: string): Promise<OwnerRow | null> {
  const [row] = await reader
    .select(OWNER)
    .from(wallets)
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(eq(wallets.number, walletNumber));
  return row ?? null;
}

/** The one whose verified number this is (E.164), if they let others pay by it. */
export async function findOwnerByPhone(reader: Reader, phone: string): Promise<OwnerRow | null> {
  const [row] = await reader
    .select(OWNER)
    .from(users)
    .innerJoin(wallets, eq(wallets.userId, users.id))
    .where(and(eq(users.phone, phone), isNotNull(users.phoneVerifiedAt), eq(users.isPayableByPhone, true)));
  return row ?? null;
}

/** The number of a user's own profile, E.164: local numbers are read as its country's. */
export async function findOwnPhone(reader: Reader, userId: bigint): Promise<string | null> {
  const [row] = await reader.select({ phone: users.phone }).from(users).where(eq(users.id, userId));
  return row?.phone ?? null;
}

export interface NewTransferQuote {
  id: string;
  userId: bigint;
  counterpartyWalletId: bigint;
  amount: Money;
  note: string | null;
  expiresAt: Date;
  /** The request for money that it pays. */
  moneyRequestId?: string;
}

/** Keeps a transfer for review. */
export async function insertTransferQuote(tx: Transaction, quote: NewTransferQuote): Promise<void> {
  const { amount, ...rest } = quote;
  await tx.insert(quotes).values({ ...rest, ...amount, type: "transfer", feeMinor: 0n });
}

export interface TransferQuoteRow {
  id: string;
  userId: bigint;
  currency: Currency;
  amountMinor: bigint;
  note: string | null;
  expiresAt: Date;
  counterpartyWalletId: bigint;
  walletNumber: string;
  firstName: string;
  lastName: string;
  /** The transfer's reference, once the quote was confirmed: what its id, as idempotency key, stands for. */
  usedBy: string | null;
  /** The request for money that it pays. */
  moneyRequestId: string | null;
}

export async function findTransferQuote(
  reader: Reader,
  userId: bigint,
  id: string,
): Promise<TransferQuoteRow | null> {
  const usedAs = and(
    eq(idempotencyKeys.userId, quotes.userId),
    eq(idempotencyKeys.key, sql`${quotes.id}::text`),
  );
  const [row] = await reader
    .select({
      id: quotes.id,
      userId: quotes.userId,
      currency: quotes.currency,
      amountMinor: quotes.amountMinor,
      note: quotes.note,
      expiresAt: quotes.expiresAt,
      counterpartyWalletId: wallets.id,
      walletNumber: wallets.number,
      firstName: users.firstName,
      lastName: users.lastName,
      usedBy: idempotencyKeys.reference,
      moneyRequestId: quotes.moneyRequestId,
    })
    .from(quotes)
    .innerJoin(wallets, eq(wallets.id, quotes.counterpartyWalletId))
    .innerJoin(users, eq(users.id, wallets.userId))
    .leftJoin(idempotencyKeys, usedAs)
    .where(and(eq(quotes.id, id), eq(quotes.userId, userId), eq(quotes.type, "transfer")));
  return row ?? null;
}

/** Whether this wallet ever sent anything to that one, and the newest transfer of the same sum since `since`. */
export async function findEarlierTransfers(
  reader: Reader,
  same: {
    walletId: bigint;
    counterpartyWalletId: bigint;
    currency: Currency;
    amountMinor: bigint;
    since: Date;
  },
): Promise<{ sentBefore: boolean; sameReference: string | null }> {
  const between = and(
    eq(operations.walletId, same.walletId),
    eq(operations.counterpartyWalletId, same.counterpartyWalletId),
  );
  const [any] = await reader.select({ id: operations.id }).from(operations).where(between).limit(1);
  if (!any) return { sentBefore: false, sameReference: null };
  const [repeated] = await reader
    .select({ reference: operations.reference })
    .from(operations)
    .where(
      and(
        between,
        eq(operations.currency, same.currency),
        eq(operations.amountMinor, same.amountMinor),
        gte(operations.createdAt, same.since),
      ),
    )
    .orderBy(desc(operations.id))
    .limit(1);
  return { sentBefore: true, sameReference: repeated?.reference ?? null };
}

/** How far back recipients are remembered: a bound on what is read, however many transfers a wallet has sent. */
const RECENT_TRANSFERS = 500;

/** Whom a wallet's newest transfers went to, the latest first, without frozen owners. */
export async function selectRecentRecipients(
  reader: Reader,
  walletId: bigint,
  limit: number,
): Promise<OwnerRow[]> {
  const recent = reader
    .select({ id: operations.id, counterpartyWalletId: operations.counterpartyWalletId })
    .from(operations)
    // Written so that only the index on (wallet, id) gives this order: with `=` the planner may walk the primary key past all other
    // wallets' rows.
    .where(between(operations.walletId, walletId, walletId))
    .orderBy(desc(operations.walletId), desc(operations.id))
    .limit(RECENT_TRANSFERS)
    .as("recent");
  const latest = reader
    .select({
      counterpartyWalletId: recent.counterpartyWalletId,
      latestId: sql<bigint>`max(${recent.id})`.as("latest_id"),
    })
    .from(recent)
    .where(isNotNull(recent.counterpartyWalletId))
    .groupBy(recent.counterpartyWalletId)
    .as("latest");
  return await reader
    .select(OWNER)
    .from(latest)
    .innerJoin(wallets, eq(wallets.id, latest.counterpartyWalletId))
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(isNull(users.frozenAt))
    .orderBy(desc(latest.latestId))
    .limit(limit);
}
