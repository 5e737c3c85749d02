import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { type MONEY_OUT_LIMIT_CAUSES, moneyOutLimits } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";

export type MoneyOutLimitCause = (typeof MONEY_OUT_LIMIT_CAUSES)[number];

export interface NewLimit {
  userId: bigint;
  cause: MoneyOutLimitCause;
  /** Minor units by currency, as text. */
  allowed: Record<string, string>;
  hours: number;
}

/** What goes out from now on counts. */
export async function insertLimit(
  tx: Transaction,
  { userId, cause, allowed, hours }: NewLimit,
): Promise<{ id: bigint; until: Date }> {
  const [row] = await tx
    .insert(moneyOutLimits)
    .values({
      userId,
      cause,
      allowed,
      afterOperationId: sql`(select coalesce(max(id), 0) from operations)`,
      until: sql`clock_timestamp() + make_interval(hours => ${hours}::int)`,
    })
    .returning({ id: moneyOutLimits.id, until: moneyOutLimits.until });
  invariant(row, "an insert returns its row");
  return row;
}

/** Ends a limit before its time; one that is over stays as it is. */
export async function liftLimit(tx: Transaction, id: bigint): Promise<void> {
  await tx
    .update(moneyOutLimits)
    .set({ liftedAt: sql`clock_timestamp()` })
    .where(and(eq(moneyOutLimits.id, id), isNull(moneyOutLimits.liftedAt)));
}

export interface LeftRow {
  leftMinor: bigint;
  until: Date;
}

/** `money_out_left` (db/migrations/0014_recovery.sql); null without a limit. */
export async function selectLeft(
  reader: Reader,
  userId: bigint,
  currency: Currency,
  { lock }: { lock: boolean },
): Promise<LeftRow | null> {
  const [row] = await reader.execute<{ left_minor: string | null; until: string | null }>(
    sql`select left_minor::text, until::text from money_out_left(${userId.toString()}::bigint, ${currency}::text, ${lock}::boolean)`,
  );
  if (!row?.left_minor || !row.until) return null;
  return { leftMinor: BigInt(row.left_minor), until: new Date(row.until) };
}

/** When the last running limit of a person ends; null without one. */
export async function selectLimitedUntil(reader: Reader, userId: bigint): Promise<Date | null> {
  const [row] = await reader
    .select({ until: sql<string | null>`max(${moneyOutLimits.until})::text` })
    .from(moneyOutLimits)
    .where(
      and(
        eq(moneyOutLimits.userId, userId),
        isNull(moneyOutLimits.liftedAt),
        sql`${moneyOutLimits.until} > clock_timestamp()`,
      ),
    );
  return row?.until ? new Date(row.until) : null;
}
