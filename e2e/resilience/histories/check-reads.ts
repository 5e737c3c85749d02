import type { Acknowledged, BalanceRead, StatusRead, TransactionList } from "./history-log";
import type { ObservedOperation, ObservedPosting } from "./observed-state";

/** The balance of an account after one transaction. */
interface Moment {
  balance: bigint;
  /** Lowest balance between the postings of its transaction. */
  lowest: bigint;
  /** Milliseconds since 1970, between the account's lock and the commit: not visible before. */
  recordedAt: number;
}

/** The balances of one account over time. */
export interface Timeline {
  moments: Moment[];
  /** `source step` → position among the moments. */
  positions: Map<string, number>;
}

/** When a client had learnt of a ledger entry, by `source step`. */
export type KnownSince = ReadonlyMap<string, number>;

/** Postings of one account with the same time belong to one transaction: no read sees a balance between them. */
export function timelineOf(postings: readonly ObservedPosting[]): Timeline {
  const moments: Moment[] = [{ balance: 0n, lowest: 0n, recordedAt: Number.NEGATIVE_INFINITY }];
  const positions = new Map<string, number>();
  for (const { balance, recordedAt, source, step } of postings) {
    const last = moments.at(-1);
    if (last?.recordedAt === recordedAt) {
      last.balance = balance;
      if (balance < last.lowest) last.lowest = balance;
    } else moments.push({ balance, lowest: balance, recordedAt });
    positions.set(`${source} ${step}`, moments.length - 1);
  }
  return { moments, positions };
}

/**
 * Indexes of the moments that a read may have seen. A moment is committed before the next one is recorded, since both
 * need the same lock: so it is certainly outdated once the one after the next was recorded. A read must also show what a
 * client knew before it began. Clocks have whole milliseconds.
 */
export function visibleMoments(
  timeline: Timeline,
  read: { startedAt: number; endedAt: number },
  known: KnownSince,
): number[] {
  const { moments, positions } = timeline;
  let oldest = 0;
  for (const [event, position] of positions) {
    const knownAt = known.get(event);
    if (knownAt !== undefined && knownAt < read.startedAt) oldest = Math.max(oldest, position);
  }
  return moments.flatMap(({ recordedAt }, index) => {
    const isTooNew = recordedAt > read.endedAt + 1;
    const overNext = moments[index + 2];
    const isOutdated = overNext !== undefined && overNext.recordedAt < read.startedAt;
    return index < oldest || isTooNew || isOutdated ? [] : [index];
  });
}

/** When each ledger entry was acknowledged: a read that begins later has to show it. */
export function knownOf(acknowledged: readonly Acknowledged[], statuses: readonly StatusRead[]): KnownSince {
  const known = new Map<string, number>();
  const learn = (event: string, at: number) => known.set(event, Math.min(at, known.get(event) ?? at));
  for (const { reference, type, ackAt } of acknowledged) {
    if (type === "withdrawal") learn(`${reference} reserve`, ackAt);
    else if (type !== "deposit") learn(`${reference} ${type}`, ackAt);
  }
  for (const { reference, status, endedAt } of statuses)
    if (status === "success") learn(`${reference} credit`, endedAt);
  return known;
}

/** Checks that `available` and `held` of each currency were the balances at one moment during the read. */
export function checkBalanceRead(
  read: BalanceRead,
  walletId: bigint,
  timelines: ReadonlyMap<string, Timeline>,
  known: KnownSince,
): string[] {
  return read.balances.flatMap(({ currency, available, held }) => {
    const empty = timelineOf([]);
    const availableTimeline = timelines.get(`wallet/${walletId}/${currency}/available`) ?? empty;
    const heldTimeline = timelines.get(`wallet/${walletId}/${currency}/held`) ?? empty;
    const availableAt = visibleMoments(availableTimeline, read, known).filter(
      (index) => availableTimeline.moments[index]?.balance === available,
    );
    const heldAt = visibleMoments(heldTimeline, read, known).filter(
      (index) => heldTimeline.moments[index]?.balance === held,
    );
    const isPossible = availableAt.some((one) =>
      heldAt.some((other) => isConsistentCut(availableTimeline, one, heldTimeline, other)),
    );
    if (isPossible) return [];
    const possible = visibleMoments(availableTimeline, read, known).map(
      (index) => availableTimeline.moments[index]?.balance,
    );
    const possibleHeld = visibleMoments(heldTimeline, read, known).map(
      (index) => heldTimeline.moments[index]?.balance,
    );
    return [
      `wallet ${walletId} was read as ${available} ${currency} available and ${held} held; expected one of ${possible.join(", ")} and of ${possibleHeld.join(", ")} held, at one moment`,
    ];
  });
}

/** True when every entry that changed both accounts is seen on both or on neither. */
function isConsistentCut(one: Timeline, at: number, other: Timeline, otherAt: number): boolean {
  for (const [event, position] of one.positions) {
    const there = other.positions.get(event);
    if (there !== undefined && position <= at !== there <= otherAt) return false;
  }
  return true;
}

/** Checks that a deposit reported as a success was credited by then, and stays a success. */
export function checkStatuses(
  statuses: readonly StatusRead[],
  creditedAt: ReadonlyMap<string, number>,
): string[] {
  const successes = new Map<string, number>();
  for (const { reference, status, endedAt } of statuses) {
    if (status === "success")
      successes.set(reference, Math.min(endedAt, successes.get(reference) ?? endedAt));
  }
  return statuses.flatMap(({ reference, status, startedAt, endedAt }) => {
    const credited = creditedAt.get(reference);
    if (status === "success") {
      const isTrue = credited !== undefined && credited <= endedAt + 1;
      return isTrue ? [] : [`deposit ${reference} was reported as a success before it was credited`];
    }
    const toldAt = successes.get(reference);
    return toldAt !== undefined && toldAt < startedAt
      ? [`deposit ${reference} was reported as a success and then as ${status}`]
      : [];
  });
}

/** Checks a whole transaction list: newest first, nothing twice, nothing missing that was acknowledged before, every line correct. */
export function checkTransactionList(
  transactionList: TransactionList,
  walletId: bigint,
  operations: ReadonlyMap<string, ObservedOperation>,
  acknowledged: readonly Acknowledged[],
): string[] {
  const violations: string[] = [];
  const lines = transactionList.pages.flat();
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (before && line.id >= before.id)
      violations.push(
        `a transaction list has ${line.reference} after ${before.reference}, which is older or itself`,
      );
    const operation = operations.get(line.reference);
    const id = walletId.toString();
    if (!operation || (operation.wallet !== id && operation.counterparty !== id)) {
      violations.push(`the transaction list of wallet ${id} shows ${line.reference}, which isn't its ownKey`);
      continue;
    }
    const isSame =
      operation.amount === line.amount &&
      operation.currency === line.currency &&
      operation.type === line.type &&
      operation.fee === line.fee;
    if (!isSame)
      violations.push(
        `a transaction list shows ${line.reference} as ${line.type} of ${line.amount} ${line.currency}`,
      );
    if (operation.type === "transfer" && (line.direction === "out") !== (operation.wallet === id))
      violations.push(`a transaction list shows ${line.reference} with direction ${line.direction}`);
  }
  const shown = new Set(lines.map(({ reference }) => reference));
  for (const { reference, ackAt } of acknowledged) {
    const operation = operations.get(reference);
    const isOurs =
      operation?.wallet === walletId.toString() || operation?.counterparty === walletId.toString();
    if (isOurs && ackAt < transactionList.startedAt && !shown.has(reference))
      violations.push(
        `a transaction list doesn't show ${reference}, which had been acknowledged ${transactionList.startedAt - ackAt} ms before`,
      );
  }
  const short = transactionList.pages
    .slice(0, -1)
    .filter(({ length }) => length !== transactionList.pages[0]?.length).length;
  if (short > 0)
    violations.push(`${short} pages of a transaction list were shorter than the others and not the last`);
  return violations;
}
