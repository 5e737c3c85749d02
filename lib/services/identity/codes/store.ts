import { and, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Database, Reader, Transaction } from "@/db/client";
import { contactCodes } from "@/db/schema";
import { CODE_MINUTES, PROOF_MINUTES, RESEND_SECONDS, SENDS_MAX, TRIES_MAX } from "./policy";

export type CodeRow = typeof contactCodes.$inferSelect;
export type NewCodeRow = Pick<CodeRow, "id" | "purpose" | "contactKind" | "contact" | "userId" | "locale">;

const minutes = (count: number) => sql`make_interval(mins => ${count})`;
const seconds = (count: number) => sql`make_interval(secs => ${count})`;

const isOpen = and(isNull(contactCodes.provenAt), gt(contactCodes.expiresAt, sql`now()`));

/** Writes a challenge and drops those that ended a day ago. */
export async function insertCode(tx: Transaction, row: NewCodeRow): Promise<CodeRow> {
  await tx.delete(contactCodes).where(lt(contactCodes.expiresAt, sql`now() - interval '1 day'`));
  const expiresAt = sql`now() + ${minutes(CODE_MINUTES)}`;
  const [inserted] = await tx
    .insert(contactCodes)
    .values({ ...row, expiresAt })
    .returning();
  if (!inserted) throw new Error("an insert answers its row");
  return inserted;
}

/**
 * Commits by itself, so that parallel tries are counted one after the other. Null when none is left. `isProven`: whether the right code was
 * typed before; `userId`: whose it must be, anybody's unless given.
 */
export async function takeCodeTry(
  db: Database,
  id: string,
  {
    purpose,
    isProven,
    userId,
  }: { purpose: CodeRow["purpose"]; isProven: boolean; userId?: bigint | undefined },
): Promise<CodeRow | null> {
  const [row] = await db
    .update(contactCodes)
    .set({ tries: sql`${contactCodes.tries} + 1` })
    .where(
      and(
        eq(contactCodes.id, id),
        eq(contactCodes.purpose, purpose),
        userId === undefined ? undefined : eq(contactCodes.userId, userId),
        lt(contactCodes.tries, TRIES_MAX),
        gt(contactCodes.expiresAt, sql`now()`),
        isProven ? isNotNull(contactCodes.provenAt) : isNull(contactCodes.provenAt),
      ),
    )
    .returning();
  return row ?? null;
}

/** False when it was proven before. */
export async function markProven(tx: Transaction, id: string): Promise<boolean> {
  const rows = await tx
    .update(contactCodes)
    .set({ provenAt: sql`now()` })
    .where(and(eq(contactCodes.id, id), isOpen))
    .returning({ id: contactCodes.id });
  return rows.length > 0;
}

/** Takes what a right code proved, once and within its time; null when it is gone. */
export async function markUsed(
  tx: Transaction,
  id: string,
  purpose: CodeRow["purpose"],
): Promise<CodeRow | null> {
  const [row] = await tx
    .update(contactCodes)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(contactCodes.id, id),
        eq(contactCodes.purpose, purpose),
        isNull(contactCodes.usedAt),
        gt(contactCodes.provenAt, sql`now() - ${minutes(PROOF_MINUTES)}`),
      ),
    )
    .returning();
  return row ?? null;
}

/** Counts a second message; null when it is too early, too many, or the challenge is over. */
export async function takeSend(
  tx: Transaction,
  id: string,
  purpose: CodeRow["purpose"],
): Promise<CodeRow | null> {
  const [row] = await tx
    .update(contactCodes)
    .set({ sends: sql`${contactCodes.sends} + 1`, sentAt: sql`now()` })
    .where(
      and(
        eq(contactCodes.id, id),
        eq(contactCodes.purpose, purpose),
        lt(contactCodes.sends, SENDS_MAX),
        lt(contactCodes.tries, TRIES_MAX),
        sql`${contactCodes.sentAt} <= now() - ${seconds(RESEND_SECONDS)}`,
        isOpen,
      ),
    )
    .returning();
  return row ?? null;
}

export async function findCode(reader: Reader, id: string): Promise<CodeRow | null> {
  const [row] = await reader.select().from(contactCodes).where(eq(contactCodes.id, id));
  return row ?? null;
}
