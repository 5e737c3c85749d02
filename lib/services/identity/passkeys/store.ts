import { and, asc, count, eq, lt, lte } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { passkeyChallenges, passkeys, users } from "@/db/schema";

export type PasskeyRow = typeof passkeys.$inferSelect;
export type ChallengeRow = typeof passkeyChallenges.$inferSelect;
export type NewPasskey = Pick<
  PasskeyRow,
  "userId" | "credentialId" | "publicKey" | "counter" | "transports" | "name"
>;

/** Also deletes challenges that nobody answered in time. */
export async function insertChallenge(tx: Transaction, challenge: ChallengeRow, now: Date): Promise<void> {
  await tx.delete(passkeyChallenges).where(lt(passkeyChallenges.expiresAt, now));
  await tx.insert(passkeyChallenges).values(challenge);
}

/** Takes a challenge away: of thirty answers at once one gets it. Null when it was answered, or never asked. */
export async function takeChallenge(tx: Transaction, id: string): Promise<ChallengeRow | null> {
  const [row] = await tx.delete(passkeyChallenges).where(eq(passkeyChallenges.id, id)).returning();
  return row ?? null;
}

export async function listByUser(reader: Reader, userId: bigint): Promise<PasskeyRow[]> {
  return await reader.select().from(passkeys).where(eq(passkeys.userId, userId)).orderBy(asc(passkeys.id));
}

/** The passkey and whether its owner's account is frozen; null for one that doesn't exist. */
export async function findByCredential(
  reader: Reader,
  credentialId: string,
): Promise<(PasskeyRow & { frozenAt: Date | null }) | null> {
  const [row] = await reader
    .select({ passkey: passkeys, frozenAt: users.frozenAt })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.credentialId, credentialId));
  return row ? { ...row.passkey, frozenAt: row.frozenAt } : null;
}

/** Serializes a person's new passkeys, so that their number is counted right. */
export async function countByUserLocked(tx: Transaction, userId: bigint): Promise<number> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
  const [row] = await tx.select({ total: count() }).from(passkeys).where(eq(passkeys.userId, userId));
  return row?.total ?? 0;
}

/** Its id; null when the device's credential is stored already. */
export async function insertPasskey(tx: Transaction, passkey: NewPasskey): Promise<bigint | null> {
  const [row] = await tx
    .insert(passkeys)
    .values(passkey)
    .onConflictDoNothing({ target: passkeys.credentialId })
    .returning({ id: passkeys.id });
  return row?.id ?? null;
}

/** False when another answer of the same device has counted further in the meantime. */
export async function countUse(tx: Transaction, id: bigint, counter: number, now: Date): Promise<boolean> {
  const rows = await tx
    .update(passkeys)
    .set({ counter, lastUsedAt: now })
    .where(and(eq(passkeys.id, id), lte(passkeys.counter, counter)))
    .returning({ id: passkeys.id });
  return rows.length > 0;
}

/** The name of what was removed; null when the person has no such passkey. */
export async function deletePasskey(tx: Transaction, userId: bigint, id: bigint): Promise<string | null> {
  const [row] = await tx
    .delete(passkeys)
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning({ name: passkeys.name });
  return row?.name ?? null;
}
