import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { contactAlarms } from "@/db/schema";
import { ALARM_HOURS } from "./alarm-policy";

export type AlarmRow = typeof contactAlarms.$inferSelect;

export async function insertAlarm(
  tx: Transaction,
  row: Pick<AlarmRow, "tokenHash" | "userId" | "contact">,
): Promise<void> {
  const expiresAt = sql`now() + make_interval(hours => ${ALARM_HOURS}::int)`;
  await tx.insert(contactAlarms).values({ ...row, expiresAt });
}

/** Null for one that is over or was never sent; a used one is found. */
export async function findAlarm(reader: Reader, tokenHash: Buffer): Promise<AlarmRow | null> {
  const [row] = await reader
    .select()
    .from(contactAlarms)
    .where(and(eq(contactAlarms.tokenHash, tokenHash), gt(contactAlarms.expiresAt, sql`now()`)));
  return row ?? null;
}

/** Takes an alarm, once; null when it was taken, or is over. */
export async function useAlarm(tx: Transaction, tokenHash: Buffer): Promise<AlarmRow | null> {
  const [row] = await tx
    .update(contactAlarms)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(contactAlarms.tokenHash, tokenHash),
        isNull(contactAlarms.usedAt),
        gt(contactAlarms.expiresAt, sql`now()`),
      ),
    )
    .returning();
  return row ?? null;
}
