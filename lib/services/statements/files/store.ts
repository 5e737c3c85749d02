import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { statementFileChunks, statementFiles } from "@/db/schema";

export type StatementFileRow = typeof statementFiles.$inferSelect;
export type NewStatementFile = typeof statementFiles.$inferInsert;

const OPEN = ["waiting", "making"] as const;
const isOpen = inArray(statementFiles.state, [...OPEN]);

/** Null where the person has one that isn't ready yet. */
export async function insertFile(
  tx: Transaction,
  values: NewStatementFile,
): Promise<StatementFileRow | null> {
  const [row] = await tx.insert(statementFiles).values(values).onConflictDoNothing().returning();
  return row ?? null;
}

export async function findFile(reader: Reader, userId: bigint, id: string): Promise<StatementFileRow | null> {
  const [row] = await reader
    .select()
    .from(statementFiles)
    .where(and(eq(statementFiles.id, id), eq(statementFiles.userId, userId)));
  return row ?? null;
}

/** The one that isn't ready yet. */
export async function findOpenFile(reader: Reader, userId: bigint): Promise<StatementFileRow | null> {
  const [row] = await reader
    .select()
    .from(statementFiles)
    .where(and(eq(statementFiles.userId, userId), isOpen));
  return row ?? null;
}

/** Newest first. */
export async function selectFiles(
  reader: Reader,
  userId: bigint,
  limit: number,
): Promise<StatementFileRow[]> {
  return await reader
    .select()
    .from(statementFiles)
    .where(eq(statementFiles.userId, userId))
    .orderBy(desc(statementFiles.createdAt))
    .limit(limit);
}

/** Begins another attempt, and deletes what earlier ones wrote; null for a file that needs none, and for one that was deleted. */
export async function beginAttempt(tx: Transaction, id: string): Promise<StatementFileRow | null> {
  const [row] = await tx
    .update(statementFiles)
    .set({
      state: "making",
      attempt: sql`${statementFiles.attempt} + 1`,
      linesDone: 0n,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(and(eq(statementFiles.id, id), isOpen))
    .returning();
  if (row) await tx.delete(statementFileChunks).where(eq(statementFileChunks.fileId, id));
  return row ?? null;
}

type Attempt = Pick<StatementFileRow, "id" | "attempt">;

/** Changes a file while this attempt is the newest one, whose answer it is; false where it isn't any more. */
export async function updateAttempt(
  tx: Transaction,
  { id, attempt }: Attempt,
  patch: Partial<
    Pick<StatementFileRow, "state" | "lineCount" | "linesDone" | "byteCount" | "readyAt" | "expiresAt">
  >,
): Promise<boolean> {
  const rows = await tx
    .update(statementFiles)
    .set({ ...patch, updatedAt: sql`clock_timestamp()` })
    .where(
      and(eq(statementFiles.id, id), eq(statementFiles.attempt, attempt), eq(statementFiles.state, "making")),
    )
    .returning({ id: statementFiles.id });
  return rows.length > 0;
}

export async function insertChunk(
  tx: Transaction,
  { id, attempt }: Attempt,
  position: number,
  bytes: Uint8Array,
): Promise<void> {
  await tx.insert(statementFileChunks).values({ fileId: id, attempt, position, bytes: Buffer.from(bytes) });
}

/** Null behind the last one. */
export async function readChunk(
  reader: Reader,
  { id, attempt }: Attempt,
  position: number,
): Promise<Uint8Array | null> {
  const [row] = await reader
    .select({ bytes: statementFileChunks.bytes })
    .from(statementFileChunks)
    .where(
      and(
        eq(statementFileChunks.fileId, id),
        eq(statementFileChunks.attempt, attempt),
        eq(statementFileChunks.position, position),
      ),
    );
  return row?.bytes ?? null;
}

/** Deletes at most `limit` files that are out of date, with their bytes. */
export async function deleteExpired(tx: Transaction, limit: number): Promise<number> {
  const due = tx
    .select({ id: statementFiles.id })
    .from(statementFiles)
    .where(lt(statementFiles.expiresAt, sql`clock_timestamp()`))
    .limit(limit)
    .for("update", { skipLocked: true });
  const rows = await tx
    .delete(statementFiles)
    .where(inArray(statementFiles.id, due))
    .returning({ id: statementFiles.id });
  return rows.length;
}

/** At most `limit` files that nothing happened to since `before`, marked as seen now. */
export async function takeStale(tx: Transaction, before: Date, limit: number): Promise<string[]> {
  const stale = tx
    .select({ id: statementFiles.id })
    .from(statementFiles)
    .where(and(isOpen, lt(statementFiles.updatedAt, before)))
    .limit(limit)
    .for("update", { skipLocked: true });
  const rows = await tx
    .update(statementFiles)
    .set({ updatedAt: sql`clock_timestamp()` })
    .where(inArray(statementFiles.id, stale))
    .returning({ id: statementFiles.id });
  return rows.map(({ id }) => id);
}
