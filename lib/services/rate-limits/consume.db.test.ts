import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "@/db/client";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createContext } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { clearRateLimits } from "./clear-rate-limits";
import { consume, giveBack } from "./consume";
import { limiterOf } from "./store";

const LIMIT = { points: 5, seconds: 900 };

describe("rate limits", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await useDatabase();
  });

  it("lets exactly as many of 30 parallel tries through as there are points", async () => {
    const key = [newKey()];
    const tries = Array.from({ length: 30 }, () => consume(database.db, "sign_in_email", key, LIMIT));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(5);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "rate_limited" });
    }
  });

  it("says after how many seconds to come back", async () => {
    const key = [newKey()];
    const once = { points: 1, seconds: 900 };
    await consume(database.db, "sign_in_email", key, once);
    const refusal = await consume(database.db, "sign_in_email", key, once).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "rate_limited" });
    const { retryAfterSeconds } = (refusal as { details: { retryAfterSeconds: number } }).details;
    expect(retryAfterSeconds).toBeGreaterThan(890);
    expect(retryAfterSeconds).toBeLessThanOrEqual(900);
  });

  it("a point that is given back can be used again", async () => {
    const key = [newKey()];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await consume(database.db, "sign_in_email", key, LIMIT);
      await giveBack(database.db, "sign_in_email", key, LIMIT);
    }
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await consume(database.db, "sign_in_email", key, LIMIT);
    }
    await expect(consume(database.db, "sign_in_email", key, LIMIT)).rejects.toMatchObject({
      code: "rate_limited",
    });
  });

  it("counts names and key parts apart", async () => {
    const once = { points: 1, seconds: 900 };
    const tail = newKey();
    await consume(database.db, "sign_in_email", ["ab", `c${tail}`], once);
    await consume(database.db, "sign_in_email", ["a", `bc${tail}`], once);
    await consume(database.db, "sign_in_network", ["ab", `c${tail}`], once);
    await expect(consume(database.db, "sign_in_email", ["ab", `c${tail}`], once)).rejects.toThrow(
      "rate_limited",
    );
  });

  it("starts anew when its time has passed", async () => {
    const key = [newKey()];
    const once = { points: 1, seconds: 900 };
    await consume(database.db, "sign_in_email", key, once);
    await database.owner`update rate_limits set expire = now() - interval '1 second'
      where expire > now() + interval '890 seconds' and key like 'sign_in_email:%'`;
    await consume(database.db, "sign_in_email", key, once);
  });

  it("stores neither the e-mail address nor the network address", async () => {
    const email = `${newKey()}@example.test`;
    await consume(database.db, "sign_in_email", [email, "192.0.2.77"]);
    const rows = await database.owner<{ key: string }[]>`select key from rate_limits`;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ key }) => key.includes("@") || key.includes("192.0.2"))).toEqual([]);
  });

  it("keeps no timers in the process, which would outlive the pool", async () => {
    const pool = openDatabase(database.appUrl, { max: 1, name: "test" });
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    limiterOf(pool, "sign_in_email", LIMIT);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("deletes counters that ended an hour ago, and no others", async () => {
    const [ended, justEnded, running] = [newKey(), newKey(), newKey()];
    await database.owner`insert into rate_limits values (${ended}, 5, now() - interval '61 minutes'),
      (${justEnded}, 5, now() - interval '59 minutes'), (${running}, 5, now() + interval '1 second'), (${newKey()}, 5, null)`;
    expect(await clearRateLimits(createContext(database.db, { kind: "system" }))).toBeGreaterThan(0);
    const left = await database.owner<{ key: string }[]>`
      select key from rate_limits where key = any(${[ended, justEnded, running]})`;
    expect(left.map(({ key }) => key).sort()).toEqual([justEnded, running].sort());
    await expect(clearRateLimits(createContext(database.db))).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});
