import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { touchKeys } from "./store";

const FLUSH_EVERY_MS = 5_000;

/** When keys were last used, written together every few seconds: a write for each call would cost more than the call. */
export class KeyUses {
  private uses = new Map<bigint, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly db: Database) {}

  record(keyId: bigint): void {
    this.uses.set(keyId, performance.now());
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  /** Writes what was recorded. What can't be written is tried again with the next uses. */
  async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { uses } = this;
    if (uses.size === 0) return;
    this.uses = new Map();
    try {
      const now = performance.now();
      const ages = [...uses].map(([keyId, at]) => ({ keyId, ageMs: Math.round(now - at) }));
      await inTransaction(this.db, (tx) => touchKeys(tx, ages));
    } catch (error) {
      log.warn({ err: error, keys: uses.size }, "the last use of API keys was not written");
      this.uses = new Map([...uses, ...this.uses]);
    }
  }

  async stop(): Promise<void> {
    await this.flush();
  }
}
