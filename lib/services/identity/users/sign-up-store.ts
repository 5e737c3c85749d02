import { and, eq, gt, lt, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { startedSignUps } from "@/db/schema";

export type StartedSignUpRow = typeof startedSignUps.$inferSelect;

/** A started sign-up stays this long from its last code: the person may look for the phone. */
const KEPT = sql`now() + interval '30 minutes'`;

/** Writes a started sign-up and drops those that are over. */
export async function insertStartedSignUp(
  tx: Transaction,
  row: Omit<StartedSignUpRow, "expiresAt" | "userId">,
): Promise<void> {
  await tx.delete(startedSignUps).where(lt(startedSignUps.expiresAt, sql`now()`));
  await tx.insert(startedSignUps).values({ ...row, expiresAt: KEPT });
}

export async function findStartedSignUp(reader: Reader, id: string): Promise<StartedSignUpRow | null> {
  const [row] = await reader
    .select()
    .from(startedSignUps)
    .where(and(eq(startedSignUps.id, id), gt(startedSignUps.expiresAt, sql`now()`)));
  return row ?? null;
}

/** A new code, to the same contact or to another one. */
export async function updateStartedSignUp(
  tx: Transaction,
  id: string,
  changes: Partial<Pick<StartedSignUpRow, "codeId" | "contactKind" | "contact" | "email">>,
): Promise<void> {
  await tx
    .update(startedSignUps)
    .set({ ...changes, expiresAt: KEPT })
    .where(eq(startedSignUps.id, id));
}

export async function finishStartedSignUp(tx: Transaction, id: string, userId: bigint): Promise<void> {
  // Nothing needs the hash any more.
  await tx.update(startedSignUps).set({ userId, passwordHash: "" }).where(eq(startedSignUps.id, id));
}
