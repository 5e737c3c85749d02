import { and, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { passwordRecoveries, sessions, users } from "@/db/schema";
import { RECOVERY_MINUTES, STALE_PHONE_DAYS } from "./policy";

export type RecoveryRow = typeof passwordRecoveries.$inferSelect;
export type NewRecoveryRow = Pick<RecoveryRow, "id" | "userId" | "contactKind" | "contact" | "codeId">;
type UserRow = typeof users.$inferSelect;

/** Writes a recovery, and drops those that ended unused a day ago. */
export async function insertRecovery(tx: Transaction, row: NewRecoveryRow): Promise<void> {
  await tx
    .delete(passwordRecoveries)
    .where(
      and(isNull(passwordRecoveries.usedAt), lt(passwordRecoveries.expiresAt, sql`now() - interval '1 day'`)),
    );
  const expiresAt = sql`now() + make_interval(mins => ${RECOVERY_MINUTES}::int)`;
  await tx.insert(passwordRecoveries).values({ ...row, expiresAt });
}

/** Null for one that is over. */
export async function findRecovery(reader: Reader, id: string): Promise<RecoveryRow | null> {
  const [row] = await reader
    .select()
    .from(passwordRecoveries)
    .where(and(eq(passwordRecoveries.id, id), gt(passwordRecoveries.expiresAt, sql`now()`)));
  return row ?? null;
}

export async function markRecoveryProven(tx: Transaction, id: string): Promise<void> {
  await tx.update(passwordRecoveries).set({ provenAt: sql`now()` }).where(eq(passwordRecoveries.id, id));
}

export async function setCode(tx: Transaction, id: string, codeId: string): Promise<void> {
  await tx.update(passwordRecoveries).set({ codeId }).where(eq(passwordRecoveries.id, id));
}

export async function setOtherCode(tx: Transaction, id: string, otherCodeId: string): Promise<void> {
  await tx
    .update(passwordRecoveries)
    .set({ otherCodeId, otherProvenAt: null })
    .where(eq(passwordRecoveries.id, id));
}

export async function markOtherProven(tx: Transaction, id: string): Promise<void> {
  await tx.update(passwordRecoveries).set({ otherProvenAt: sql`now()` }).where(eq(passwordRecoveries.id, id));
}

/** False when it was used before. */
export async function markRecoveryUsed(tx: Transaction, id: string): Promise<boolean> {
  const rows = await tx
    .update(passwordRecoveries)
    .set({ usedAt: sql`now()` })
    .where(and(eq(passwordRecoveries.id, id), isNull(passwordRecoveries.usedAt)))
    .returning({ id: passwordRecoveries.id });
  return rows.length > 0;
}

export interface RecoveredUser {
  user: UserRow;
  /** The phone was verified, and neither that nor any sign-in happened lately. */
  isPhoneStale: boolean;
}

/** The account that a recovery is for, as far as that matters to it. */
export async function findRecoveredUser(reader: Reader, userId: bigint): Promise<RecoveredUser | null> {
  const limit = sql`now() - make_interval(days => ${STALE_PHONE_DAYS}::int)`;
  const lastSeen = sql`(select max(${sessions.lastSeenAt}) from ${sessions} where ${sessions.userId} = ${userId.toString()}::bigint)`;
  const [row] = await reader
    .select({
      user: users,
      isPhoneStale: sql<boolean>`${users.phoneVerifiedAt} is not null
        and coalesce(greatest(${users.phoneVerifiedAt}, ${lastSeen}), 'epoch') < ${limit}`,
    })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

/** Serializes changes of an account's ways in until the transaction ends. */
export async function lockUser(tx: Transaction, userId: bigint): Promise<UserRow | null> {
  const [row] = await tx.select().from(users).where(eq(users.id, userId)).for("no key update");
  return row ?? null;
}

/** Whether the account's password was recovered in the last `days`. */
export async function wasRecoveredWithin(reader: Reader, userId: bigint, days: number): Promise<boolean> {
  const rows = await reader
    .select({ id: passwordRecoveries.id })
    .from(passwordRecoveries)
    .where(
      and(
        eq(passwordRecoveries.userId, userId),
        isNotNull(passwordRecoveries.usedAt),
        gt(passwordRecoveries.usedAt, sql`now() - make_interval(days => ${days}::int)`),
      ),
    )
    .limit(1);
  return rows.length > 0;
}
