import { and, desc, eq, isNull, or, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { operations, payoutSwitches } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";

export type PayoutSwitchRow = typeof payoutSwitches.$inferSelect;
export type NewPayoutSwitch = Pick<PayoutSwitchRow, "provider" | "stopped" | "operator" | "note">;

// Any constant: toggles and submissions exclude each other by it.
const PAYOUT_SWITCH_LOCK = 7_226_003;

/** Excludes toggles until the transaction ends; waits for one under way. */
export async function lockSwitchesShared(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${PAYOUT_SWITCH_LOCK})`);
}

/** Excludes everybody who relies on a switch until the transaction ends; waits for those who do. */
export async function lockSwitches(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PAYOUT_SWITCH_LOCK})`);
}

export async function insertSwitch(tx: Transaction, values: NewPayoutSwitch): Promise<PayoutSwitchRow> {
  const [row] = await tx.insert(payoutSwitches).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

/** The newest row of each switch: that of all providers (null) and those of `provider`, or of every provider. */
export async function selectSwitches(reader: Reader, provider?: string): Promise<PayoutSwitchRow[]> {
  const own = provider === undefined ? undefined : eq(payoutSwitches.provider, provider);
  return await reader
    .selectDistinctOn([payoutSwitches.provider])
    .from(payoutSwitches)
    .where(own && or(isNull(payoutSwitches.provider), own))
    .orderBy(payoutSwitches.provider, desc(payoutSwitches.id));
}

/** The newest row of one switch; null when it was never toggled. */
export async function findSwitch(reader: Reader, provider: string | null): Promise<PayoutSwitchRow | null> {
  const own = provider === null ? isNull(payoutSwitches.provider) : eq(payoutSwitches.provider, provider);
  const [row] = await reader
    .select()
    .from(payoutSwitches)
    .where(own)
    .orderBy(desc(payoutSwitches.id))
    .limit(1);
  return row ?? null;
}

export async function selectHistory(reader: Reader, limit: number): Promise<PayoutSwitchRow[]> {
  return await reader.select().from(payoutSwitches).orderBy(desc(payoutSwitches.id)).limit(limit);
}

export interface Submitting {
  /** Begun recently: the call may still be running. */
  underWay: number;
  /** Begun longer ago than any call lasts. */
  abandoned: number;
}

/** Withdrawals in the state `submitting` of one provider, or of all. */
export async function countSubmitting(
  reader: Reader,
  provider: string | null,
  callLastsMs: number,
): Promise<Submitting> {
  const isRecent = sql`${operations.updatedAt} > clock_timestamp() - ${callLastsMs} * interval '1 millisecond'`;
  const [row] = await reader
    .select({
      underWay: sql<number>`(count(*) filter (where ${isRecent}))::int`,
      abandoned: sql<number>`(count(*) filter (where not (${isRecent})))::int`,
    })
    .from(operations)
    .where(
      and(
        eq(operations.state, "submitting"),
        provider === null ? undefined : eq(operations.provider, provider),
      ),
    );
  return row ?? { underWay: 0, abandoned: 0 };
}

export interface WaitingRow {
  provider: string;
  currency: Currency;
  count: number;
  amountMinor: bigint;
}

/** Withdrawals that weren't submitted yet, by provider and currency. */
export async function sumWaiting(reader: Reader): Promise<WaitingRow[]> {
  return await reader
    .select({
      provider: sql<string>`${operations.provider}`,
      currency: operations.currency,
      count: sql<number>`count(*)::int`,
      amountMinor: sql<bigint>`sum(${operations.amountMinor})`.mapWith(BigInt),
    })
    .from(operations)
    .where(eq(operations.state, "created"))
    .groupBy(operations.provider, operations.currency)
    .orderBy(operations.provider, operations.currency);
}
