import type { Database } from "@/db/client";
import { databaseFault, inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import type { EntryDraft } from "./draft";
import { postEntries, postEntriesAtOnce } from "./post";
import type { Verdict } from "./store";

const LIST_MAX = 500;

export interface GroupedPoster {
  /**
   * Posts one entry in a transaction that it shares with others who wait, and resolves after the commit with its own
   * verdict. Rejects when this very entry can't be posted, and when the database can't be reached: then ask again with
   * the same (source, step), which ends as `duplicate` if it had been posted after all.
   */
  post(draft: EntryDraft): Promise<Verdict>;
}

interface Waiting {
  draft: EntryDraft;
  resolve(verdict: Verdict): void;
  reject(reason: unknown): void;
}

/**
 * Groups concurrent single entries into lists without a timer: while one list commits, the next entries wait together
 * and go as the next list. One poster a process; several processes meet at the row locks, in account id order.
 */
export function createGroupedPoster(db: Database, options: { listMax?: number } = {}): GroupedPoster {
  const listMax = options.listMax ?? LIST_MAX;
  invariant(listMax >= 1 && listMax <= LIST_MAX, `a list has 1 to ${LIST_MAX} entries`);
  let waiting: Waiting[] = [];
  let isPosting = false;

  const postWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      const { list, rest } = takeList(waiting, listMax);
      waiting = rest;
      await postList(db, list);
      await nextTurn();
    }
    isPosting = false;
  };
  return {
    post: (draft) =>
      new Promise((resolve, reject) => {
        waiting.push({ draft, resolve, reject });
        if (isPosting) return;
        isPosting = true;
        void nextTurn().then(postWaiting);
      }),
  };
}

/** Whoever asks in this turn of the event loop, as all whom the last list answered may, comes along. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The oldest entries, each (source, step) once: the second of a name waits, to be answered as a replay. */
function takeList(waiting: readonly Waiting[], listMax: number): { list: Waiting[]; rest: Waiting[] } {
  const names = new Set<string>();
  const list: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const item of waiting) {
    const name = `${item.draft.source}\n${item.draft.step}`;
    if (list.length < listMax && !names.has(name)) list.push(item);
    else rest.push(item);
    names.add(name);
  }
  return { list, rest };
}

/** Never throws. A list that fails is posted again one by one, so that an entry that spoils it fails alone. */
async function postList(db: Database, list: readonly Waiting[]): Promise<void> {
  let verdicts: Verdict[];
  try {
    const drafts = list.map(({ draft }) => draft);
    verdicts = await (list.length === 1 ? postRetried(db, drafts) : postEntriesAtOnce(db, drafts));
    invariant(verdicts.length === list.length, "each entry of a list has a verdict");
  } catch (error) {
    if (list.length === 1 || isOutage(error)) {
      for (const { reject } of list) reject(error);
      return;
    }
    // Not halved: an entry that waits for a stuck lock would cost the time limit once a level.
    for (const item of list) await postList(db, [item]);
    return;
  }
  for (const [index, verdict] of verdicts.entries()) list[index]?.resolve(verdict);
}

/** With the retries of a race on (source, step). */
async function postRetried(db: Database, drafts: readonly EntryDraft[]): Promise<Verdict[]> {
  return await inTransaction(db, (tx) => postEntries(tx, drafts));
}

// Connection, resources, operator's intervention and internal error (PostgreSQL's appendix A).
const OUTAGE_CLASSES = /^(08|53|57P|58|XX)/;

/** True when the database is at fault and not an entry: trying the entries one by one would only take longer. */
function isOutage(error: unknown): boolean {
  const code = databaseFault(error)?.code;
  if (code === undefined) return false;
  // What isn't an SQLSTATE is a code of the socket or the driver: ECONNRESET, CONNECTION_CLOSED.
  return !/^[0-9A-Z]{5}$/.test(code) || code === "EPIPE" || OUTAGE_CLASSES.test(code);
}
