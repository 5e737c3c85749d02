import type { Database } from "@/db/client";
import { groupCalls } from "@/db/group-calls";
import { inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import type { EntryDraft } from "./draft";
import { postEntries, postEntriesAtOnce } from "./post";
import type { Verdict } from "./store";

export interface GroupedPoster {
  /**
   * Posts one entry in a transaction that it shares with others who wait, and resolves after the commit with its own
   * verdict. Rejects when this very entry can't be posted, and when the database can't be reached: then ask again with
   * the same (source, step), which ends as `duplicate` if it had been posted after all.
   */
  post(draft: EntryDraft): Promise<Verdict>;
}

/**
 * Groups concurrent single entries into lists ({@link groupCalls}). One poster a process; several processes meet at the
 * row locks, in account id order.
 */
export function createGroupedPoster(db: Database, options: { listMax?: number } = {}): GroupedPoster {
  const post = groupCalls<EntryDraft, Verdict>(
    {
      // A list names each (source, step) once.
      keyOf: ({ source, step }) => `${source}\n${step}`,
      locksOf: ({ postings }) => postings.flatMap(({ from, to }) => [from.address, to.address]),
      send: async (drafts) => await postEntriesAtOnce(db, drafts),
      sendAlone: async (draft) => await postAlone(db, draft),
      sendIsolated: async (draft) => await postAlone(db, draft),
    },
    options,
  );
  return { post };
}

/** With the retries of a race on (source, step). */
async function postAlone(db: Database, draft: EntryDraft): Promise<Verdict> {
  const [verdict] = await inTransaction(db, (tx) => postEntries(tx, [draft]));
  invariant(verdict, "an entry has a verdict");
  return verdict;
}
