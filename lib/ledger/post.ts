import type { Database, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { InvariantError, invariant } from "@/lib/invariant";
import type { EntryDraft } from "./draft";
import { callLedgerPost, type Verdict } from "./store";

/** More than the API's longest list; the posting function has its own, higher bound. */
const ENTRIES_MAX = 5_000;

/**
 * Posts a list of entries in the caller's transaction and answers a verdict for each, in order: one that can't be
 * posted doesn't fail the others. Call it once a transaction: locks are taken in account id order within a call.
 * Throws InvariantError for a list that names one (source, step) twice.
 */
export async function postEntries(tx: Transaction, drafts: readonly EntryDraft[]): Promise<Verdict[]> {
  return await post(tx, drafts);
}

/**
 * Posts a list in a transaction of its own, for callers that write nothing else: one statement, whose locks never wait
 * for a round trip. The driver answers when the server is ready for the next statement, which is after the commit.
 * Throws as {@link postEntries} does; after a race on (source, step) or a deadlock the list may be posted again.
 */
export async function postEntriesAtOnce(db: Database, drafts: readonly EntryDraft[]): Promise<Verdict[]> {
  return await post(db, drafts);
}

async function post(reader: Database | Transaction, drafts: readonly EntryDraft[]): Promise<Verdict[]> {
  if (drafts.length === 0) return [];
  invariant(drafts.length <= ENTRIES_MAX, `at most ${ENTRIES_MAX} entries a list`);
  const names = new Set(drafts.map((draft) => `${draft.source}\n${draft.step}`));
  invariant(names.size === drafts.length, "a list names a (source, step) once");
  return await callLedgerPost(reader, drafts);
}

/**
 * Posts one entry: a list of one. Answers false when this very entry is in the ledger already (a replay).
 * Throws `insufficient_funds`; InvariantError for an unknown account or an entry that was posted with other postings.
 */
export async function postEntry(tx: Transaction, draft: EntryDraft): Promise<boolean> {
  const [verdict] = await postEntries(tx, [draft]);
  switch (verdict?.verdict) {
    case "posted":
      return true;
    case "duplicate":
      return false;
    case "insufficient_funds":
      throw new DomainError("insufficient_funds");
    default:
      throw new InvariantError(
        `entry ${draft.source} ${draft.step} ended as ${verdict?.verdict ?? "nothing"}`,
      );
  }
}
