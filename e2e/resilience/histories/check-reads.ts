import type { OperationFact, PostingFact } from "./facts";
import type { Acknowledged, BalanceRead, StatusRead, Walk } from "./history-log";

/** An account as it stood after one transaction, until the next. */
interface Moment {
  balance: bigint;
  /** The lowest that it was between the postings of its transaction. */
  lowest: bigint;
  /** After the account was locked and before the commit: nobody saw it before this. */
  recordedAt: number;
}

/** One account through time, and where each event stands in it. */
export interface Timeline {
  moments: Moment[];
  /** `source step` → position among the moments. */
  positions: Map<string, number>;
}

/** When somebody had been told of an event for certain, by `source step`. */
export type Known = ReadonlyMap<string, number>;

/** Postings of one account that were recorded at one instant are one transaction: nobody ever sees between them. */
export function timelineOf(postings: readonly PostingFact[]): Timeline {
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
 * The moments that a read may have seen. One is visible from its commit, which is after it was recorded and before the one
 * after it was: that one needed the same lock. So it is gone for certain once the one after the next was recorded. Nor
 * may a read miss what somebody had been told of before it began. Clocks are read in whole milliseconds.
 */
export function visibleMoments(
  timeline: Timeline,
  read: { startedAt: number; endedAt: number },
  known: Known,
): number[] {
  const { moments, positions } = timeline;
  let least = 0;
  for (const [event, position] of positions) {
    const toldAt = known.get(event);
    if (toldAt !== undefined && toldAt < read.startedAt) least = Math.max(least, position);
  }
  return moments.flatMap(({ recordedAt }, index) => {
    const isTooNew = recordedAt > read.endedAt + 1;
    const overNext = moments[index + 2];
    const isGone = overNext !== undefined && overNext.recordedAt < read.startedAt;
    return index < least || isTooNew || isGone ? [] : [index];
  });
}

/** What was answered to whom, and when: a read that begins later has to show it. */
export function knownOf(acknowledged: readonly Acknowledged[], statuses: readonly StatusRead[]): Known {
  const known = new Map<string, number>();
  const tell = (event: string, at: number) => known.set(event, Math.min(at, known.get(event) ?? at));
  for (const { reference, type, ackAt } of acknowledged) {
    if (type === "withdrawal") tell(`${reference} reserve`, ackAt);
    else if (type !== "deposit") tell(`${reference} ${type}`, ackAt);
  }
  for (const { reference, status, endedAt } of statuses)
    if (status === "success") tell(`${reference} credit`, endedAt);
  return known;
}

/** A read of one currency must be what available and held were, together, at one moment while it was under way. */
export function checkBalanceRead(
  read: BalanceRead,
  walletId: bigint,
  timelines: ReadonlyMap<string, Timeline>,
  known: Known,
): string[] {
  return read.balances.flatMap(({ currency, available, held }) => {
    const empty = timelineOf([]);
    const free = timelines.get(`wallet/${walletId}/${currency}/available`) ?? empty;
    const reserved = timelines.get(`wallet/${walletId}/${currency}/held`) ?? empty;
    const frees = visibleMoments(free, read, known).filter(
      (index) => free.moments[index]?.balance === available,
    );
    const reserveds = visibleMoments(reserved, read, known).filter(
      (index) => reserved.moments[index]?.balance === held,
    );
    const isPossible = frees.some((one) => reserveds.some((other) => isOneCut(free, one, reserved, other)));
    if (isPossible) return [];
    const could = visibleMoments(free, read, known).map((index) => free.moments[index]?.balance);
    const couldHold = visibleMoments(reserved, read, known).map((index) => reserved.moments[index]?.balance);
    return [
      `wallet ${walletId} was told ${available} ${currency} and ${held} held; it had one of ${could.join(", ")} and of ${couldHold.join(", ")} held then, together`,
    ];
  });
}

/** An event that changed both accounts is seen on both or on neither. */
function isOneCut(one: Timeline, at: number, other: Timeline, otherAt: number): boolean {
  for (const [event, position] of one.positions) {
    const there = other.positions.get(event);
    if (there !== undefined && position <= at !== there <= otherAt) return false;
  }
  return true;
}

/** A deposit that was called a success was credited by then, and stays one. */
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
      return isTrue ? [] : [`deposit ${reference} was called a success before it was credited`];
    }
    const toldAt = successes.get(reference);
    return toldAt !== undefined && toldAt < startedAt
      ? [`deposit ${reference} was a success and then ${status}`]
      : [];
  });
}

/** Newest first, nothing twice, nothing missing that was acknowledged before it began, each line as it is written down. */
export function checkWalk(
  walk: Walk,
  walletId: bigint,
  operations: ReadonlyMap<string, OperationFact>,
  acknowledged: readonly Acknowledged[],
): string[] {
  const violations: string[] = [];
  const lines = walk.pages.flat();
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (before && line.id >= before.id)
      violations.push(`a history has ${line.reference} after ${before.reference}, which is older or itself`);
    const operation = operations.get(line.reference);
    const id = walletId.toString();
    if (!operation || (operation.wallet !== id && operation.counterparty !== id)) {
      violations.push(`a history of wallet ${id} shows ${line.reference}, which isn't its own`);
      continue;
    }
    const isSame =
      operation.amount === line.amount &&
      operation.currency === line.currency &&
      operation.type === line.type &&
      operation.fee === line.fee;
    if (!isSame)
      violations.push(`a history shows ${line.reference} as ${line.type} of ${line.amount} ${line.currency}`);
    if (operation.type === "transfer" && (line.direction === "out") !== (operation.wallet === id))
      violations.push(`a history shows ${line.reference} as going ${line.direction}`);
  }
  const shown = new Set(lines.map(({ reference }) => reference));
  for (const { reference, ackAt } of acknowledged) {
    const operation = operations.get(reference);
    const isOurs =
      operation?.wallet === walletId.toString() || operation?.counterparty === walletId.toString();
    if (isOurs && ackAt < walk.startedAt && !shown.has(reference))
      violations.push(
        `a history doesn't show ${reference}, which had been acknowledged ${walk.startedAt - ackAt} ms before`,
      );
  }
  const short = walk.pages.slice(0, -1).filter(({ length }) => length !== walk.pages[0]?.length).length;
  if (short > 0) violations.push(`${short} pages of a history were shorter than the others and not the last`);
  return violations;
}
