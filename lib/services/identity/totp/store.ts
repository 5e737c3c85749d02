import { and, count, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { totpRecoveryCodes, totpSecrets } from "@/db/schema";

export type TotpRow = typeof totpSecrets.$inferSelect;

export async function findTotp(reader: Reader, userId: bigint): Promise<TotpRow | null> {
  const [row] = await reader.select().from(totpSecrets).where(eq(totpSecrets.userId, userId));
  return row ?? null;
}

/** Replaces a secret that wasn't confirmed; false, and nothing changed, when one is in use. */
export async function saveSecret(tx: Transaction, userId: bigint, secret: Buffer): Promise<boolean> {
  const rows = await tx
    .insert(totpSecrets)
    .values({ userId, secret })
    .onConflictDoUpdate({
      target: totpSecrets.userId,
      set: { secret, createdAt: sql`clock_timestamp()`, lastStep: 0 },
      setWhere: isNull(totpSecrets.confirmedAt),
    })
    .returning({ userId: totpSecrets.userId });
  return rows.length > 0;
}

/** Uses a code's step up; false when it, or a later one, was used already. */
export async function takeStep(tx: Transaction, userId: bigint, step: number): Promise<boolean> {
  const rows = await tx
    .update(totpSecrets)
    .set({ lastStep: step })
    .where(and(eq(totpSecrets.userId, userId), lt(totpSecrets.lastStep, step)))
    .returning({ userId: totpSecrets.userId });
  return rows.length > 0;
}

/** False when it was confirmed already. */
export async function confirmSecret(tx: Transaction, userId: bigint, now: Date): Promise<boolean> {
  const rows = await tx
    .update(totpSecrets)
    .set({ confirmedAt: now })
    .where(and(eq(totpSecrets.userId, userId), isNull(totpSecrets.confirmedAt)))
    .returning({ userId: totpSecrets.userId });
  return rows.length > 0;
}

/** False when there was none. */
export async function deleteTotp(tx: Transaction, userId: bigint): Promise<boolean> {
  await tx.delete(totpRecoveryCodes).where(eq(totpRecoveryCodes.userId, userId));
  const rows = await tx
    .delete(totpSecrets)
    .where(eq(totpSecrets.userId, userId))
    .returning({ userId: totpSecrets.userId });
  return rows.length > 0;
}

export async function insertRecoveryCodes(
  tx: Transaction,
  userId: bigint,
  hashes: readonly Buffer[],
): Promise<void> {
  await tx.insert(totpRecoveryCodes).values(hashes.map((hash) => ({ userId, hash })));
}

/** Uses up the code with one of these hashes; false when there is none that wasn't used. */
export async function takeRecoveryCode(
  tx: Transaction,
  userId: bigint,
  hashes: readonly Buffer[],
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(totpRecoveryCodes)
    .set({ usedAt: now })
    .where(
      and(
        eq(totpRecoveryCodes.userId, userId),
        inArray(totpRecoveryCodes.hash, [...hashes]),
        isNull(totpRecoveryCodes.usedAt),
      ),
    )
    .returning({ hash: totpRecoveryCodes.hash });
  return rows.length > 0;
}

export async function countRecoveryCodes(reader: Reader, userId: bigint): Promise<number> {
  const [row] = await reader
    .select({ left: count() })
    .from(totpRecoveryCodes)
    .where(and(eq(totpRecoveryCodes.userId, userId), isNull(totpRecoveryCodes.usedAt)));
  return row?.left ?? 0;
}
