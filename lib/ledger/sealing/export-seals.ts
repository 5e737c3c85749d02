import { type Context, requireSystem } from "@/lib/services/context";
import { SEALS_A_PAGE } from "./policy";
import { readSealedLines, readSealHead, readSeals, type SealSubject } from "./store";

/** What is said in full: the ledger. The others hold names and numbers of people; their seals alone go out. */
export const SPOKEN: readonly SealSubject[] = ["accounts", "entries", "checkpoints"];

/** The first line of an export; verify-seals.mjs asks for it. */
export const EXPORT_FORMAT = '{"format":"cauris-seals","version":"1"}';

/**
 * The whole chain as lines of JSON: every seal in its order and at the end its head; with postings, each seal of the
 * ledger behind the lines that it covers. Throws `unauthenticated`.
 */
export async function* exportSeals(
  context: Context,
  { withPostings }: { withPostings: boolean },
): AsyncGenerator<string> {
  requireSystem(context);
  const head = await readSealHead(context.db);
  yield EXPORT_FORMAT;
  for (let after = 0n; head !== null && after < head.number; ) {
    const seals = (await readSeals(context.db, after, SEALS_A_PAGE)).filter(
      ({ number }) => number <= head.number,
    );
    for (const seal of seals) {
      if (withPostings && SPOKEN.includes(seal.subject)) yield* await readSealedLines(context.db, seal);
      yield seal.line;
      after = seal.number;
    }
    if (seals.length === 0) break;
  }
  yield JSON.stringify({ head: head?.number.toString() ?? "0", root: head?.root ?? "0".repeat(64) });
}
