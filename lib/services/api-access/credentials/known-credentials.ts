import type { Revocations } from "./revocations";

/** A credential that a read found valid. */
export interface FreshCredential<Holder> {
  holder: Holder;
  /** As its revocation is announced: `key:<id>` or `session:<id>`. */
  name: string;
  /** By the database's clock. */
  remainingMs: number;
}

interface Known<Holder> {
  holder: Holder;
  name: string;
  until: number;
}

interface Options {
  ttlMs: number;
  max: number;
  /** Monotonic milliseconds. */
  clock: () => number;
}

// The TTL bounds how long a revocation can go unnoticed when the listening connection died without an error.
const DEFAULTS: Options = { ttlMs: 10_000, max: 20_000, clock: () => performance.now() };

/**
 * A cache of valid credentials, so that a request needs no read. A revoked one is dropped when the database announces
 * it; while nothing listens to announcements, the cache isn't used.
 */
export class KnownCredentials<Holder extends { userId: bigint }> {
  private readonly known = new Map<string, Known<Holder>>();
  private readonly options: Options;

  constructor(
    private readonly revocations: Pick<Revocations, "position" | "subscribe">,
    options: Partial<Options> = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    revocations.subscribe((name) => this.forget(name));
  }

  /** Who holds the credential under `key`, from the cache or by `read`; null when it isn't valid. */
  async find(key: string, read: () => Promise<FreshCredential<Holder> | null>): Promise<Holder | null> {
    const from = this.options.clock();
    const position = this.revocations.position();
    const known = this.known.get(key);
    if (known !== undefined) {
      if (position !== null && from < known.until) return known.holder;
      this.known.delete(key);
    }
    const fresh = await read();
    if (fresh === null) return null;
    // A revocation announced while the read ran may be of this credential.
    if (position !== null && position === this.revocations.position()) this.remember(key, fresh, from);
    return fresh.holder;
  }

  /** Counted from before the read, so that an entry never outlives the credential. */
  private remember(key: string, fresh: FreshCredential<Holder>, from: number): void {
    if (this.known.size >= this.options.max) {
      const [oldest] = this.known.keys();
      if (oldest !== undefined) this.known.delete(oldest);
    }
    const until = from + Math.min(this.options.ttlMs, fresh.remainingMs);
    this.known.set(key, { holder: fresh.holder, name: fresh.name, until });
  }

  private forget(name: string | null): void {
    if (name === null) {
      this.known.clear();
      return;
    }
    for (const [key, known] of this.known) {
      if (known.name === name || `user:${known.holder.userId}` === name) this.known.delete(key);
    }
  }
}
