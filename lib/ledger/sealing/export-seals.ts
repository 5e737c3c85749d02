import type { Database } from "@/db/client";
import { SEALS_A_PAGE } from "./policy";
import { readSealedLines, readSealHead, readSeals, type SealSubject } from "./store";

/** Subjects whose rows are exported: the ledger. Rows of the others name people; their seals alone are exported. */
export const EXPORTED_SUBJECTS: readonly SealSubject[] = ["accounts", "entries", "checkpoints"];

/** The first line of an export; verify-export.mjs asks for it. */
export const EXPORT_FORMAT = '{"format":"cauris-seals","version":"1"}';

/**
 * The whole chain as lines of JSON: every seal in its order and at the end its head; with postings, the lines that a
 * seal of the ledger covers stand before it.
 */
export async function* exportSeals(
  db: Database,
  { withPostings }: { withPostings: boolean },
): AsyncGenerator<string> {
  const head = await readSealHead(db);
  yield EXPORT_FORMAT;
  for (let after = 0n; head !== null && after < head.number; ) {
    const seals = (await readSeals(db, after, SEALS_A_PAGE)).filter(({ number }) => number <= head.number);
    for (const seal of seals) {
      if (withPostings && EXPORTED_SUBJECTS.includes(seal.subject)) yield* await readSealedLines(db, seal);
      yield seal.line;
      after = seal.number;
    }
    if (seals.length === 0) break;
  }
  yield JSON.stringify({ head: head?.number.toString() ?? "0", root: head?.root ?? "0".repeat(64) });
}
