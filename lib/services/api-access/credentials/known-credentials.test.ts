import { describe, expect, it } from "vitest";
import { KnownCredentials } from "./known-credentials";

/** Revocations that the test announces itself, and a clock that it turns. */
function createMemory(options: { ttlMs?: number; max?: number } = {}) {
  const state = { now: 1_000, heard: 0, isUp: true };
  const subscribers: ((name: string | null) => void)[] = [];
  const announce = (name: string | null) => {
    state.heard += 1;
    for (const forget of subscribers) forget(name);
  };
  const revocations = {
    position: () => (state.isUp ? state.heard : null),
    subscribe: (forget: (name: string | null) => void) => void subscribers.push(forget),
  };
  const memory = new KnownCredentials<{ userId: bigint }>(revocations, {
    ...options,
    clock: () => state.now,
  });
  const reads: string[] = [];
  const find = (key: string, remainingMs = 60_000, userId = 7n) =>
    memory.find(key, async () => {
      reads.push(key);
      return { holder: { userId }, name: `key:${key}`, remainingMs };
    });
  return { state, announce, memory, reads, find };
}

describe("known credentials", () => {
  it("a valid one is not read again", async () => {
    const { find, reads } = createMemory();
    expect(await find("a")).toEqual({ userId: 7n });
    expect(await find("a")).toEqual({ userId: 7n });
    expect(reads).toEqual(["a"]);
  });

  it("an invalid one is read every time", async () => {
    const { memory } = createMemory();
    let reads = 0;
    const find = () =>
      memory.find("a", async () => {
        reads += 1;
        return null;
      });
    expect([await find(), await find(), reads]).toEqual([null, null, 2]);
  });

  it("one is read again after its time to live", async () => {
    const { find, reads, state } = createMemory({ ttlMs: 10_000 });
    await find("a");
    state.now += 9_999;
    await find("a");
    expect(reads).toHaveLength(1);
    state.now += 1;
    await find("a");
    expect(reads).toHaveLength(2);
  });

  it("an entry never outlives the credential's remaining time, counted from before the read", async () => {
    const { memory, state } = createMemory();
    let reads = 0;
    const find = () =>
      memory.find("a", async () => {
        reads += 1;
        // The answer takes 40 ms to come.
        state.now += 40;
        return { holder: { userId: 7n }, name: "key:a", remainingMs: 100 };
      });
    await find();
    state.now += 59;
    await find();
    expect(reads).toBe(1);
    state.now += 1;
    await find();
    expect(reads).toBe(2);
  });

  it("one is dropped when it or its user is announced, and when announcements may have been missed", async () => {
    for (const name of ["key:a", "user:7", null]) {
      const { find, reads, announce } = createMemory();
      await find("a");
      announce(name);
      await find("a");
      expect(reads, String(name)).toHaveLength(2);
    }
  });

  it("others are kept", async () => {
    const { find, reads, announce } = createMemory();
    await find("a");
    announce("key:b");
    announce("user:8");
    await find("a");
    expect(reads).toHaveLength(1);
  });

  it("one that may have been revoked while it was read is not cached", async () => {
    const { memory, announce } = createMemory();
    let reads = 0;
    const find = (during: () => void) =>
      memory.find("a", async () => {
        reads += 1;
        during();
        return { holder: { userId: 7n }, name: "key:a", remainingMs: 60_000 };
      });
    await find(() => announce("key:a"));
    await find(() => {});
    expect(reads).toBe(2);
    await find(() => {});
    expect(reads).toBe(2);
  });

  it("without a listening connection everything is read and nothing cached", async () => {
    const { find, reads, state } = createMemory();
    await find("a");
    state.isUp = false;
    await find("a");
    await find("a");
    expect(reads).toHaveLength(3);
    state.isUp = true;
    await find("a");
    expect(reads).toHaveLength(4);
  });

  it("the cache holds at most its maximum, without the oldest", async () => {
    const { find, reads } = createMemory({ max: 2 });
    for (const key of ["a", "b", "c", "b", "c", "a"]) await find(key);
    expect(reads).toEqual(["a", "b", "c", "a"]);
  });
});
