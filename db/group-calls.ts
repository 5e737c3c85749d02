import { invariant } from "@/lib/invariant";
import { databaseFault } from "./transaction";

const LIST_MAX = 500;

/** How items that arrive one by one are sent as lists. */
export interface GroupedCall<Item, Answer> {
  /** Items of one name never share a list: the second waits for the first. Null for one that may share any. */
  nameOf(item: Item): string | null;
  /** Sends a list in one transaction, and answers each item in order. */
  send(items: readonly Item[]): Promise<readonly Answer[]>;
  /** Sends one item: it was alone, or its list failed and was rolled back. What races is retried here. */
  sendAlone(item: Item): Promise<Answer>;
}

interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Groups concurrent calls into lists without a timer: while a list commits, the next items wait together and go as
 * the next list. Each caller gets its own answer after the commit. An item that spoils its list fails alone; when the
 * database can't be reached all who wait are rejected, and what was in flight may have been committed.
 */
export function groupCalls<Item, Answer>(
  call: GroupedCall<Item, Answer>,
  { listMax = LIST_MAX }: { listMax?: number } = {},
): (item: Item) => Promise<Answer> {
  invariant(listMax >= 1 && listMax <= LIST_MAX, `a list has 1 to ${LIST_MAX} items`);
  let waiting: Waiting<Item, Answer>[] = [];
  let isSending = false;

  const sendWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      let settle: Settle = () => {};
      while (waiting.length > 0) {
        const { list, rest } = takeList(waiting, call, listMax);
        waiting = rest;
        const sending = sendList(call, list);
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

/** Whoever asks in this turn of the event loop, as all whom the last list answered may, comes along. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The oldest items, each name once: the second of a name waits, to be answered as a replay. */
function takeList<Item, Answer>(
  waiting: readonly Waiting<Item, Answer>[],
  call: GroupedCall<Item, Answer>,
  listMax: number,
): { list: Waiting<Item, Answer>[]; rest: Waiting<Item, Answer>[] } {
  const names = new Set<string>();
  const list: Waiting<Item, Answer>[] = [];
  const rest: Waiting<Item, Answer>[] = [];
  for (const one of waiting) {
    const name = call.nameOf(one.item);
    if (list.length < listMax && (name === null || !names.has(name))) list.push(one);
    else rest.push(one);
    if (name !== null) names.add(name);
  }
  return { list, rest };
}

/** Tells each caller its answer, or why there is none. */
type Settle = () => void;

/** Never throws. A list that fails is sent again one by one, so that an item that spoils it fails alone. */
async function sendList<Item, Answer>(
  call: GroupedCall<Item, Answer>,
  list: readonly Waiting<Item, Answer>[],
): Promise<Settle> {
  let answers: readonly Answer[];
  try {
    const [first, ...others] = list.map(({ item }) => item);
    if (first === undefined) return () => {};
    answers = others.length === 0 ? [await call.sendAlone(first)] : await call.send([first, ...others]);
    invariant(answers.length === list.length, "each item of a list has an answer");
  } catch (error) {
    if (list.length === 1 || isOutage(error)) {
      return () => {
        for (const { reject } of list) reject(error);
      };
    }
    // Not halved: an item that waits for a stuck lock would cost the time limit once a level.
    for (const one of list) (await sendList(call, [one]))();
    return () => {};
  }
  return () => {
    // Answers may be undefined by type: the length was checked.
    for (const [index, { resolve }] of list.entries()) resolve(answers[index] as Answer);
  };
}

// Connection, resources, operator's intervention and internal error (PostgreSQL's appendix A).
const OUTAGE_CLASSES = /^(08|53|57P|58|XX)/;

/** True when the database is at fault and not an item: trying the items one by one would only take longer. */
export function isOutage(error: unknown): boolean {
  const code = databaseFault(error)?.code;
  if (code === undefined) return false;
  // What isn't an SQLSTATE is a code of the socket or the driver: ECONNRESET, CONNECTION_CLOSED.
  return !/^[0-9A-Z]{5}$/.test(code) || code === "EPIPE" || OUTAGE_CLASSES.test(code);
}
