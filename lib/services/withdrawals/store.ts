import { and, asc, desc, eq, gt, inArray, lt, notExists, type SQL, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { notices, operations, quotes, wallets } from "@/db/schema";
import { invariant } from "@/lib/invariant";

export type QuoteRow = typeof quotes.$inferSelect;

export async function insertQuote(tx: Transaction, values: typeof quotes.$inferInsert): Promise<QuoteRow> {
  const [row] = await tx.insert(quotes).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findQuote(reader: Reader, userId: bigint, id: string): Promise<QuoteRow | null> {
  const [row] = await reader
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, id), eq(quotes.userId, userId)));
  return row ?? null;
}

/** Locks a user's quote: the second of two simultaneous confirmations waits for the first. */
export async function lockQuote(tx: Transaction, userId: bigint, id: string): Promise<QuoteRow | null> {
  const [row] = await tx
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, id), eq(quotes.userId, userId)))
    .for("update");
  return row ?? null;
}

export async function spendQuote(tx: Transaction, id: string, operationId: bigint): Promise<void> {
  await tx.update(quotes).set({ operationId }).where(eq(quotes.id, id));
}

/** Where a withdrawal goes: a phone's wallet, or a bank account. */
export interface Destination {
  phone: string | null;
  bankCode: string | null;
  accountNumber: string | null;
}

function goesTo({ phone, bankCode, accountNumber }: Destination): SQL | undefined {
  if (phone !== null) return eq(operations.phone, phone);
  return and(eq(operations.bankCode, bankCode ?? ""), eq(operations.accountNumber, accountNumber ?? ""));
}

/** Whether this wallet has a paid withdrawal to this destination. */
export async function hasPaidOutTo(
  reader: Reader,
  walletId: bigint,
  destination: Destination,
): Promise<boolean> {
  const [row] = await reader
    .select({ id: operations.id })
    .from(operations)
    .where(
      and(
        eq(operations.walletId, walletId),
        eq(operations.type, "withdrawal"),
        goesTo(destination),
        eq(operations.state, "paid"),
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** The newest withdrawal of the same sum to the same destination since `since`, if there is one. */
export async function findSameWithdrawal(
  reader: Reader,
  walletId: bigint,
  same: { destination: Destination; currency: QuoteRow["currency"]; amountMinor: bigint; since: Date },
): Promise<{ reference: string } | null> {
  const [row] = await reader
    .select({ reference: operations.reference })
    .from(operations)
    .where(
      and(
        eq(operations.walletId, walletId),
        eq(operations.type, "withdrawal"),
        goesTo(same.destination),
        eq(operations.currency, same.currency),
        eq(operations.amountMinor, same.amountMinor),
        sql`${operations.createdAt} >= ${same.since.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(desc(operations.id))
    .limit(1);
  return row ?? null;
}

/** Followed by the operation's id it is the key of its job: one withdrawal has one job at most. */
export const JOB_KEY_PREFIX = "submit:";

export interface StaleFilter {
  provider: string;
  states: readonly (typeof operations.$inferSelect)["state"][];
  /** Nothing has happened to them since. */
  before: Date;
}

/**
 * Ids of withdrawals that nothing has happened to for a while and that have no job, waiting, running or dead: at most
 * `limit` above `afterId`, in ascending order.
 */
export async function selectStaleWithoutJob(
  reader: Reader,
  { provider, states, before }: StaleFilter,
  page: { afterId: bigint; limit: number },
): Promise<bigint[]> {
  const rows = await reader
    .select({ id: operations.id })
    .from(operations)
    .where(
      and(
        eq(operations.type, "withdrawal"),
        eq(operations.provider, provider),
        inArray(operations.state, [...states]),
        lt(operations.updatedAt, before),
        gt(operations.id, page.afterId),
        sql`not exists (select from graphile_worker._private_jobs j
          where j.key = ${JOB_KEY_PREFIX}::text || ${operations.id})`,
      ),
    )
    .orderBy(asc(operations.id))
    .limit(page.limit);
  return rows.map(({ id }) => id);
}

/** A withdrawal that is on its way for long, with its owner. */
export interface LateWithdrawal {
  userId: bigint;
  operation: typeof operations.$inferSelect;
}

/** How the notice of a late withdrawal is keyed: the operation's id follows. */
export const LATE_NOTICE_PREFIX = "withdrawal_stuck:";

/** At most `limit` withdrawals that have been under way since `before`, and whose owners weren't told. */
export async function selectLateUntold(
  reader: Reader,
  states: readonly (typeof operations.$inferSelect)["state"][],
  before: Date,
  limit: number,
): Promise<LateWithdrawal[]> {
  return await reader
    .select({ userId: wallets.userId, operation: operations })
    .from(operations)
    .innerJoin(wallets, eq(wallets.id, operations.walletId))
    .where(
      and(
        eq(operations.type, "withdrawal"),
        inArray(operations.state, [...states]),
        lt(operations.createdAt, before),
        notExists(
          reader
            .select({ id: notices.id })
            .from(notices)
            .where(
              and(
                eq(notices.userId, wallets.userId),
                eq(notices.key, sql`${LATE_NOTICE_PREFIX}::text || ${operations.id}`),
              ),
            ),
        ),
      ),
    )
    .limit(limit);
}
