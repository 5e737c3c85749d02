import { invariant } from "@/lib/invariant";
import { IsolatedCalls, type Waiting } from "./isolated-calls";
import { isLockTimeout, isOutage } from "./outage";

const LIST_MAX = 500;

/** How items that arrive one by one are sent as lists. */
export interface GroupedCall<Item, Answer> {
  /** Items of one key never share a list: the second waits for the first. Null for one that may share any. */
  keyOf(item: Item): string | null;
  /** What the item locks, by name: who needs a lock that is stuck is kept out of lists. */
  locksOf(item: Item): readonly string[];
  /** Sends a list in one transaction, and answers each item in order. */
  send(items: readonly Item[]): Promise<readonly Answer[]>;
  /** Sends one item that was alone in its list. What races is retried here. */
  sendAlone(item: Item): Promise<Answer>;
  /** As `sendAlone` for an item whose list failed or whose lock may be stuck; it gives a lock up sooner. */
  sendIsolated(item: Item): Promise<Answer>;
}

/**
 * Groups concurrent calls into lists without a timer: while a list commits, the next items wait together and go as
 * the next list. Each caller gets its own answer after the commit. When a list fails, its items are sent one by one
 * beside the next lists ({@link IsolatedCalls}), so that the item at fault fails alone, and a list that waited for a
 * stuck lock delays others once. When the database can't be reached, all of the list are rejected, and what was in
 * flight may have been committed.
 */
export function groupCalls<Item, Answer>(
  call: GroupedCall<Item, Answer>,
  { listMax = LIST_MAX }: { listMax?: number } = {},
): (item: Item) => Promise<Answer> {
  invariant(listMax >= 1 && listMax <= LIST_MAX, `a list has 1 to ${LIST_MAX} items`);
  const isolated = new IsolatedCalls<Item, Answer>({
    locksOf: (item) => call.locksOf(item),
    send: (item) => call.sendIsolated(item),
  });
  let waiting: Waiting<Item, Answer>[] = [];
  let isSending = false;

  const sendWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      let settle: Settle = () => {};
      while (waiting.length > 0) {
        const { list, suspect, rest } = takeList(waiting, call, isolated, listMax);
        waiting = rest;
        isolated.add(suspect);
        const sending = sendList(call, isolated, list);
        // What callers do with their answers goes on while the database has the next list.
        settle();
        settle = await sending;
      }
      settle();
      await nextTurn();
    }
    isSending = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isSending) return;
      isSending = true;
      void nextTurn().then(sendWaiting);
    });
}

/** Waits for the end of this turn of the event loop, so that calls made in it join the list. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface TakenList<Item, Answer> {
  list: Waiting<Item, Answer>[];
  /** To be sent isolated. */
  suspect: Waiting<Item, Answer>[];
  rest: Waiting<Item, Answer>[];
}

/** The oldest items, each key once: the second of a key waits, to be answered as a replay. */
function takeList<Item, Answer>(
  waiting: readonly Waiting<Item, Answer>[],
  call: GroupedCall<Item, Answer>,
  isolated: IsolatedCalls<Item, Answer>,
  listMax: number,
): TakenList<Item, Answer> {
  const keys = new Set<string>();
  const taken: TakenList<Item, Answer> = { list: [], suspect: [], rest: [] };
  for (const one of waiting) {
    const key = call.keyOf(one.item);
    const isFirst = key === null || !keys.has(key);
    if (isFirst && isolated.isSuspect(one.item)) taken.suspect.push(one);
    else if (isFirst && taken.list.length < listMax) taken.list.push(one);
    else taken.rest.push(one);
    if (key !== null) keys.add(key);
  }
  return taken;
}

/** Resolves each caller's promise with its answer, or rejects it. */
type Settle = () => void;

/** Never throws. */
async function sendList<Item, Answer>(
  call: GroupedCall<Item, Answer>,
  isolated: IsolatedCalls<Item, Answer>,
  list: readonly Waiting<Item, Answer>[],
): Promise<Settle> {
  let answers: readonly Answer[];
  const items = list.map(({ item }) => item);
  try {
    const [first, ...others] = items;
    if (first === undefined) return () => {};
    answers = others.length === 0 ? [await call.sendAlone(first)] : await call.send([first, ...others]);
    invariant(answers.length === list.length, "each item of a list has an answer");
  } catch (error) {
    if (isLockTimeout(error)) isolated.suspect(items);
    if (list.length === 1 || isOutage(error)) {
      return () => {
        for (const { reject } of list) reject(error);
      };
    }
    isolated.add(list);
    return () => {};
  }
  return () => {
    // Answers may be undefined by type: the length was checked.
    for (const [index, { resolve }] of list.entries()) resolve(answers[index] as Answer);
  };
}
