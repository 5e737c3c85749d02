import { beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { newKey } from "@/lib/ids";
import { consume, giveBack } from "./consume";

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
});
