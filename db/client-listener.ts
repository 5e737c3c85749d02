import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import type { Database } from "./client";

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;

export interface ListenerEvents {
  onMessage(payload: string): void;
  /** From here on nothing that is committed is missed. */
  onUp(): void;
  /** What is committed from here on may be missed. */
  onDown(): void;
}

export interface Listener {
  stop(): Promise<void>;
}

/**
 * Listens to one channel over a connection of its own, to the same database as `db`, and reconnects. Unlike
 * postgres.js's `listen` it reports a lost connection, so that caches can be cleared.
 */
export function startListener(db: Database, channel: string, events: ListenerEvents): Listener {
  const stopping = new AbortController();
  let isUp = false;
  const down = () => {
    if (!isUp) return;
    isUp = false;
    events.onDown();
    void connect();
  };
  // postgres.js takes parsed options as they are; its types only know how they look before.
  const options = {
    ...db.$client.options,
    shared: { retries: 0, typeArrayMap: {} },
    max: 1,
    idle_timeout: null,
    max_lifetime: null,
    fetch_types: false,
    onclose: down,
    onnotify: (_channel: string, payload: string) => events.onMessage(payload),
  };
  const client = postgres(options as unknown as postgres.Options<Record<string, never>>);

  async function connect(): Promise<void> {
    for (
      let pauseMs = RETRY_MS_MIN;
      !stopping.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX)
    ) {
      try {
        await client`listen ${client(channel)}`;
        if (stopping.signal.aborted) return;
        isUp = true;
        events.onUp();
        return;
      } catch {
        await sleep(pauseMs, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      }
    }
  }

  void connect();
  return {
    async stop() {
      stopping.abort();
      isUp = false;
      events.onDown();
      await client.end({ timeout: 1 });
    },
  };
}
