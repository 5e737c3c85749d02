import type { Database } from "@/db/client";
import { type Listener, startListener } from "@/db/client-listener";

/** Triggers announce on it at commit: `key:<id>`, `session:<id>`, `user:<id>` (db/migrations/0006). */
const CHANNEL = "cauris_credentials";

/** What was revoked; null for "anything may have been, unheard". */
type Forget = (name: string | null) => void;

/** Hears what is revoked, in this process and in every other. */
export class Revocations {
  private listener: Listener | null = null;
  private isStopped = false;
  private isUp = false;
  private readonly subscribers = new Set<Forget>();
  /** Counts what was heard, so that a read can tell whether something was revoked while it ran. */
  private heard = 0;

  constructor(private readonly db: Database) {}

  /** Where the listening stands, or null while it is down: then nothing may be remembered. Begins to listen. */
  position(): number | null {
    if (this.listener === null && !this.isStopped) {
      this.listener = startListener(this.db, CHANNEL, {
        onMessage: (name) => this.announce(name),
        onUp: () => {
          this.announce(null);
          this.isUp = true;
        },
        onDown: () => {
          this.isUp = false;
          this.announce(null);
        },
      });
    }
    return this.isUp ? this.heard : null;
  }

  subscribe(forget: Forget): void {
    this.subscribers.add(forget);
  }

  /** Called by verbs after they commit, too: this process doesn't wait for its own announcement to come back. */
  announce(name: string | null): void {
    this.heard += 1;
    for (const forget of this.subscribers) forget(name);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.listener?.stop();
  }
}
