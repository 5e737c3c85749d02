import { inTransaction } from "@/db/transaction";
import { addDays, startOfDay } from "@/lib/day-range";
import { invariant } from "@/lib/invariant";
import { type Context, requireSystem } from "../../context";
import { recordNotice } from "../../notices/record-notice";
import { walletOfUser } from "../../wallets/get-wallet";
import { writeStatement } from "../content";
import { writeData } from "../data/write-data";
import { ATTEMPTS_MAX, CHUNK_BYTES, FILE_BYTES_MAX, KEPT_FOR_MS } from "../policy";
import { openStatement } from "../statement";
import { beginAttempt, insertChunk, type StatementFileRow, updateAttempt } from "./store";

/** Between two looks at how far it is; also how often an attempt finds out that it isn't the newest any more. */
const PROGRESS_MS = 1_000;

/**
 * Makes a file, from its beginning: what an attempt that broke off has written is deleted first, and only a file that came to its end
 * is ever read. Told when it is ready, and when it was given up after {@link ATTEMPTS_MAX} attempts. `signal` breaks it off, for a worker that
 * stops. Throws what broke it off, so that the job runs again.
 */
export async function makeStatementFile(
  context: Context,
  fileId: string,
  signal?: AbortSignal,
): Promise<void> {
  requireSystem(context);
  const file = await inTransaction(context.db, async (tx) => {
    const begun = await beginAttempt(tx, fileId);
    if (begun === null || begun.attempt <= ATTEMPTS_MAX) return begun;
    await updateAttempt(tx, begun, { state: "failed", expiresAt: keptUntil() });
    await recordNotice(tx, {
      userId: begun.userId,
      kind: "statement_failed",
      details: {},
      key: `statement_failed:${fileId}`,
    });
    return null;
  });
  if (file === null) return;
  const progress = reportProgress(context, file, signal);
  const byteCount = await writeChunks(context, file, contentOf(context, file, progress));
  await inTransaction(context.db, async (tx) => {
    const ready = { state: "ready", byteCount, readyAt: new Date(), expiresAt: keptUntil() } as const;
    if (!(await updateAttempt(tx, file, ready))) return;
    await recordNotice(tx, {
      userId: file.userId,
      kind: file.kind === "data" ? "data_copy_ready" : "statement_ready",
      details: { fileId },
      key: `statement_ready:${fileId}`,
    });
  });
}

const keptUntil = () => new Date(Date.now() + KEPT_FOR_MS);

type OnLines = (count: number) => Promise<void>;

async function* contentOf(
  context: Context,
  file: StatementFileRow,
  onLines: OnLines,
): AsyncGenerator<Uint8Array> {
  const { userId, kind, format, locale, timeZone: zone, currency, vaultId, fromDay, toDay } = file;
  if (kind === "data" || format === "json") return yield* writeData(context, userId, onLines);
  invariant(currency !== null && fromDay !== null && toDay !== null, "a statement has its currency and days");
  const wallet = await walletOfUser(context.db, userId);
  const range = {
    from: fromDay,
    to: toDay,
    since: startOfDay(fromDay, zone),
    before: startOfDay(addDays(toDay, 1), zone),
  };
  const subject = { userId, walletId: wallet.id, currency, vaultId, range, zone };
  const statement = await openStatement(context.db, subject, context.now);
  yield* writeStatement(context.db, statement, { format, locale }, onLines);
}

/** Throws once another attempt has begun, the file is deleted, or the worker stops. */
function reportProgress({ db }: Context, file: StatementFileRow, signal: AbortSignal | undefined): OnLines {
  let [linesDone, reportedAt] = [0n, 0];
  return async (count) => {
    signal?.throwIfAborted();
    linesDone += BigInt(count);
    if (Date.now() - reportedAt < PROGRESS_MS) return;
    reportedAt = Date.now();
    const isOurs = await inTransaction(db, (tx) => updateAttempt(tx, file, { linesDone }));
    if (!isOurs) throw new Error("another attempt makes this file, or nobody wants it any more");
  };
}

/** Stores the bytes in rows of {@link CHUNK_BYTES}. Answers how many there are. */
async function writeChunks(
  { db }: Context,
  file: StatementFileRow,
  content: AsyncIterable<Uint8Array>,
): Promise<bigint> {
  let [total, position] = [0, 0];
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const flush = async () => {
    const bytes = Buffer.concat(waiting);
    await inTransaction(db, (tx) => insertChunk(tx, file, position, bytes));
    position += 1;
    waiting = [];
    waitingBytes = 0;
  };
  for await (const bytes of content) {
    total += bytes.length;
    if (total > FILE_BYTES_MAX) throw new Error("the file is too large");
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes >= CHUNK_BYTES) await flush();
  }
  if (waitingBytes > 0) await flush();
  return BigInt(total);
}
