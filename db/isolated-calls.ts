import { DomainError } from "@/lib/errors";
import { isLockTimeout } from "./outage";

/** A caller's item with the two ends of its promise. */
export interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

interface Isolation<Item, Answer> {
  /** What the item locks, by name. */
  locksOf(item: Item): readonly string[];
  /** Sends one item; it should give a lock up sooner than a list does. */
  send(item: Item): Promise<Answer>;
}

const CONCURRENT_MAX = 4;
const QUEUED_MS_MAX = 5_000;
const SUSPECTS_MAX = 10_000;

/**
 * Sends items one by one, beside the lists of `groupCalls`, so that a lock which somebody holds for long delays only
 * those who need it. At most four are under way, and of those that share a lock one: a stuck account takes one place.
 * An item that has waited five seconds without being sent is refused with `unavailable`: nothing was done.
 */
export class IsolatedCalls<Item, Answer> {
  /** Names of locks that were waited for in vain; items that need one stay out of lists until one of them succeeds. */
  private readonly suspects = new Set<string>();
  private readonly busy = new Set<string>();
  private queue: { waiting: Waiting<Item, Answer>; until: number }[] = [];
  private running = 0;

  constructor(private readonly isolation: Isolation<Item, Answer>) {}

  /** True when the item may wait for a stuck lock. */
  isSuspect(item: Item): boolean {
    return this.suspects.size > 0 && this.isolation.locksOf(item).some((lock) => this.suspects.has(lock));
  }

  /** Remembers that one of the items' locks was waited for in vain: which one isn't known. */
  suspect(items: readonly Item[]): void {
    if (this.suspects.size > SUSPECTS_MAX) this.suspects.clear();
    for (const item of items) for (const lock of this.isolation.locksOf(item)) this.suspects.add(lock);
  }

  add(items: readonly Waiting<Item, Answer>[]): void {
    const until = performance.now() + QUEUED_MS_MAX;
    for (const waiting of items) this.queue.push({ waiting, until });
    this.sendNext();
  }

  private sendNext(): void {
    const now = performance.now();
    const left: typeof this.queue = [];
    for (const queued of this.queue) {
      const { waiting, until } = queued;
      const locks = this.isolation.locksOf(waiting.item);
      if (now > until) waiting.reject(new DomainError("unavailable"));
      else if (this.running >= CONCURRENT_MAX || locks.some((lock) => this.busy.has(lock))) left.push(queued);
      else void this.sendOne(waiting, locks);
    }
    this.queue = left;
  }

  private async sendOne({ item, resolve, reject }: Waiting<Item, Answer>, locks: readonly string[]) {
    this.running += 1;
    for (const lock of locks) this.busy.add(lock);
    try {
      resolve(await this.isolation.send(item));
      for (const lock of locks) this.suspects.delete(lock);
    } catch (error) {
      if (isLockTimeout(error)) this.suspect([item]);
      reject(error);
    } finally {
      this.running -= 1;
      for (const lock of locks) this.busy.delete(lock);
      this.sendNext();
    }
  }
}
