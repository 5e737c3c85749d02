import { and, desc, eq, isNull, or, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { operations, payoutSwitches } from "@/db/schema";
import type { Currency } from "@/lib/money/currency";

export type PayoutSwitchRow = typeof payoutSwitches.$inferSelect;
export type NewPayoutSwitch = Pick<PayoutSwitchRow, "provider" | "stopped" | "operator" | "note">;

// Any constant: who throws the switch waits for whoever reads it, and the other way round.
const PAYOUT_SWITCH_LOCK = 7_226_003;

/** Until the transaction ends, nobody throws a switch. Waits for whoever is doing so. */
export async function holdSwitches(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${PAYOUT_SWITCH_LOCK})`);
}

/** Until the transaction ends, nobody relies on a switch. Waits for whoever does. */
export async function seizeSwitches(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PAYOUT_SWITCH_LOCK})`);
}

export async function insertSwitch(tx: Transaction, values: NewPayoutSwitch): Promise<PayoutSwitchRow> {
  const [row] = await tx.insert(payoutSwitches).values(values).returning();
  if (!row) throw new Error("an insert returns its row");
  return row;
}

/** The newest throw of each switch: of all providers (null) and of each that ever had one. */
export async function selectStanding(reader: Reader, provider?: string): Promise<PayoutSwitchRow[]> {
  const own = provider === undefined ? undefined : eq(payoutSwitches.provider, provider);
  return await reader
    .selectDistinctOn([payoutSwitches.provider])
    .from(payoutSwitches)
    .where(own && or(isNull(payoutSwitches.provider), own))
    .orderBy(payoutSwitches.provider, desc(payoutSwitches.id));
}

/** The newest throw of one switch. */
export async function findStanding(reader: Reader, provider: string | null): Promise<PayoutSwitchRow | null> {
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
  /** Begun a short while ago: the call may still be on its way. */
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

/** Withdrawals that no provider was handed yet, by provider and currency. */
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
