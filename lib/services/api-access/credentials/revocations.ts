import type { Database } from "@/db/client";
import { type Listener, startListener } from "@/db/client-listener";

/** Triggers announce on it at commit: `key:<id>`, `session:<id>`, `user:<id>` (db/migrations/0004_append_only.sql). */
const CHANNEL = "cauris_credentials";

/** What was revoked; null when announcements may have been missed, so that anything may have been. */
type Forget = (name: string | null) => void;

/** Receives announcements of revocations, by this process and by every other. */
export class Revocations {
  private listener: Listener | null = null;
  private isStopped = false;
  private isUp = false;
  private readonly subscribers = new Set<Forget>();
  /** Counts announcements, so that a read can tell whether something was revoked while it ran. */
  private received = 0;

  constructor(private readonly db: Database) {}

  /** The number of announcements so far; null while not listening: then nothing may be cached. The first call begins to listen. */
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
    return this.isUp ? this.received : null;
  }

  subscribe(forget: Forget): void {
    this.subscribers.add(forget);
  }

  /** Called by verbs after they commit, too: this process doesn't wait for its own announcement to come back. */
  announce(name: string | null): void {
    this.received += 1;
    for (const forget of this.subscribers) forget(name);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.listener?.stop();
  }
}
