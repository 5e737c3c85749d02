import type { Times } from "./history-log";
import type { ObservedPosting } from "./observed-state";

/** The balance of an account after one transaction. */
export interface Moment {
  balance: bigint;
  /** Lowest balance between the postings of its transaction. */
  lowest: bigint;
  /** Milliseconds since 1970, between the account's lock and the commit: not visible before. */
  recordedAt: number;
}

/** The balances of one account over time. */
interface Timeline {
  moments: Moment[];
  /** `source step` → position among the moments. */
  positions: Map<string, number>;
}

/** When a client had learnt of a ledger entry, by `source step`. */
export type KnownSince = ReadonlyMap<string, number>;

/** A balance that a reader may have seen, with the entries behind it. */
export interface Sight extends Moment {
  timeline: Timeline;
  position: number;
}

/** The balances of accounts over time. */
export class Timelines {
  readonly #timelines = new Map<string, Timeline>();
  readonly #known: KnownSince;

  /** Takes the postings of each account in the order of its versions. */
  constructor(postings: readonly ObservedPosting[], known: KnownSince) {
    this.#known = known;
    for (const posting of postings) addPosting(this.#of(posting.address), posting);
  }

  /**
   * What a read of an account may have seen. A moment is committed before the next one is recorded, since both need the
   * same lock: so it is certainly outdated once the one after the next was recorded. A read must also show what a client
   * knew before it began. Clocks have whole milliseconds.
   */
  visible(address: string, read: Times): Sight[] {
    const timeline = this.#of(address);
    const { moments, positions } = timeline;
    const known = [...positions].filter(
      ([event]) => (this.#known.get(event) ?? Number.POSITIVE_INFINITY) < read.startedAt,
    );
    const oldest = Math.max(0, ...known.map(([, position]) => position));
    return moments.flatMap((moment, position) => {
      const isTooNew = moment.recordedAt > read.endedAt + 1;
      const isOutdated = (moments[position + 2]?.recordedAt ?? Number.POSITIVE_INFINITY) < read.startedAt;
      return position < oldest || isTooNew || isOutdated ? [] : [{ ...moment, timeline, position }];
    });
  }

  #of(address: string): Timeline {
    const known = this.#timelines.get(address);
    if (known) return known;
    const beginning = { balance: 0n, lowest: 0n, recordedAt: Number.NEGATIVE_INFINITY };
    const timeline = { moments: [beginning], positions: new Map<string, number>() };
    this.#timelines.set(address, timeline);
    return timeline;
  }
}

/** Postings of one account with the same time belong to one transaction: no read sees a balance between them. */
function addPosting({ moments, positions }: Timeline, posting: ObservedPosting): void {
  const { balance, recordedAt, source, step } = posting;
  const last = moments.at(-1);
  if (last?.recordedAt === recordedAt) {
    last.balance = balance;
    if (balance < last.lowest) last.lowest = balance;
  } else moments.push({ balance, lowest: balance, recordedAt });
  positions.set(`${source} ${step}`, moments.length - 1);
}

/** True when every entry that changed both accounts is seen on both or on neither. */
export function isConsistent(one: Sight, other: Sight): boolean {
  for (const [event, position] of one.timeline.positions) {
    const there = other.timeline.positions.get(event);
    if (there !== undefined && position <= one.position !== there <= other.position) return false;
  }
  return true;
}
