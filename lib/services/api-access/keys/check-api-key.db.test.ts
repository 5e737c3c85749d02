import { afterAll, describe, expect, it, vi } from "vitest";
import type { Database } from "@/db/client";
import { useDatabase } from "@/e2e/support/database";
import { createUser } from "@/e2e/support/people";
import { insertExpiredKey } from "../../../../e2e/support/credentials";
import { createCredentials, processCredentials, stopCredentials } from "../credentials/process-credentials";
import { checkApiKey } from "./check-api-key";
import { createApiKey } from "./create-api-key";
import { newKeyText } from "./key-text";
import { listApiKeys } from "./list-api-keys";
import { revokeApiKey } from "./revoke-api-key";

const { db, owner } = await useDatabase();
// Another process's memory, as far as the verbs of this one can tell: it only hears what the database announces.
const elsewhere = createCredentials(db);
afterAll(async () => {
  await stopCredentials(elsewhere);
  await stopCredentials(processCredentials(db));
});

const READER = { name: "reader", permissions: ["read" as const], expiry: "1D" as const };

/** A database that counts what is asked of it. */
function counted(): { database: Database; count: () => number } {
  let count = 0;
  const database = new Proxy(db, {
    get(target, property, receiver) {
      if (property === "select" || property === "execute" || property === "transaction") count += 1;
      return Reflect.get(target, property, receiver);
    },
  });
  return { database, count: () => count };
}

async function listening(): Promise<number> {
  return await vi.waitFor(() => {
    const position = elsewhere.revocations.position();
    expect(position).not.toBeNull();
    return position ?? 0;
  });
}

/** A key that `elsewhere` remembers: checking it again reads nothing. */
async function rememberedKey() {
  await listening();
  const user = await createUser(db);
  const { apiKey, key } = await createApiKey(user.context, READER);
  const { database, count } = counted();
  const check = () => checkApiKey(database, apiKey, elsewhere);
  await vi.waitFor(async () => {
    await check();
    const before = count();
    await check();
    expect(count()).toBe(before);
  });
  return { user, apiKey, key, check, count };
}

describe("checking a key", () => {
  it("answers its user and its permissions", async () => {
    const { context, userId } = await createUser(db);
    const { apiKey, key } = await createApiKey(context, READER);
    expect(await checkApiKey(db, apiKey, elsewhere)).toEqual({
      keyId: key.id,
      userId,
      permissions: ["read"],
    });
  });

  it("a mistyped key causes no query", async () => {
    const { context } = await createUser(db);
    const { apiKey } = await createApiKey(context, READER);
    const { database, count } = counted();
    const typos = [
      `${apiKey}x`,
      apiKey.slice(1),
      apiKey.replace("sk_live_", "sk_test_"),
      apiKey.slice(0, 20) + (apiKey[20] === "a" ? "b" : "a") + apiKey.slice(21),
      "",
      "x".repeat(100_000),
    ];
    for (const typo of typos) expect(await checkApiKey(database, typo, elsewhere)).toBeNull();
    expect(count()).toBe(0);
  });

  it("one that we never made, expired, was revoked, or whose user is frozen, is none", async () => {
    const { context, userId } = await createUser(db);
    const expired = await insertExpiredKey(owner, userId, { agoMs: 0 });
    const revoked = await createApiKey(context, READER);
    await revokeApiKey(context, { keyId: revoked.key.id });
    const frozen = await createUser(db);
    const ofFrozen = await createApiKey(frozen.context, READER);
    await owner`update users set frozen_at = now() where id = ${frozen.userId.toString()}`;
    for (const apiKey of [newKeyText(), expired.apiKey, revoked.apiKey, ofFrozen.apiKey]) {
      expect(await checkApiKey(db, apiKey, elsewhere)).toBeNull();
    }
  });

  it("one that was checked a moment ago is not read again", async () => {
    const { check, count, user } = await rememberedKey();
    const before = count();
    for (let time = 0; time < 1_000; time += 1) expect((await check())?.userId).toBe(user.userId);
    expect(count()).toBe(before);
  });
});

describe("revocation", () => {
  it("of a remembered key is heard from another connection at once", async () => {
    const { key, check } = await rememberedKey();
    const from = performance.now();
    await owner`update api_keys set revoked_at = now() where id = ${key.id.toString()}`;
    await vi.waitFor(async () => expect(await check()).toBeNull(), { interval: 2 });
    // Far below the ten seconds that memory would have lasted.
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  it("counts in its own process before the call that revokes has answered", async () => {
    const own = processCredentials(db);
    const { context } = await createUser(db);
    for (let round = 0; round < 20; round += 1) {
      const { apiKey, key } = await createApiKey(context, READER);
      await checkApiKey(db, apiKey, own);
      await revokeApiKey(context, { keyId: key.id });
      expect(await checkApiKey(db, apiKey, own)).toBeNull();
    }
  });

  it("freezing the user ends all keys at once, and unfreezing brings them back", async () => {
    const { user, check } = await rememberedKey();
    const id = user.userId.toString();
    await owner`update users set frozen_at = now() where id = ${id}`;
    await vi.waitFor(async () => expect(await check()).toBeNull(), { interval: 2, timeout: 1_000 });
    await owner`update users set frozen_at = null where id = ${id}`;
    expect(await check()).not.toBeNull();
  });

  it("a revocation that is rolled back changes nothing", async () => {
    const { key, check } = await rememberedKey();
    await owner
      .begin(async (sql) => {
        await sql`update api_keys set revoked_at = now() where id = ${key.id.toString()}`;
        throw new Error("on purpose");
      })
      .catch(() => {});
    expect(await check()).not.toBeNull();
  });

  it("when the listening connection is lost, the cache is cleared, and missed revocations take effect", async () => {
    const { key, check, count } = await rememberedKey();
    const position = await listening();
    const cut = await owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`;
    expect(cut.length).toBeGreaterThan(0);
    await vi.waitFor(() => expect(elsewhere.revocations.position()).not.toBe(position), { interval: 1 });
    const before = count();
    expect(await check()).not.toBeNull();
    expect(count()).toBe(before + 1);
    // It comes back by itself, and hears again.
    await listening();
    await owner`update api_keys set revoked_at = now() where id = ${key.id.toString()}`;
    await vi.waitFor(async () => expect(await check()).toBeNull(), { interval: 2, timeout: 1_000 });
  });

  it("a cache without a listening connection is not used", async () => {
    const deaf = createCredentials(db);
    await stopCredentials(deaf);
    const { context } = await createUser(db);
    const { apiKey, key } = await createApiKey(context, READER);
    const { database, count } = counted();
    for (let time = 1; time <= 3; time += 1) {
      expect(await checkApiKey(database, apiKey, deaf)).not.toBeNull();
      expect(count()).toBe(time);
    }
    await owner`update api_keys set revoked_at = now() where id = ${key.id.toString()}`;
    expect(await checkApiKey(database, apiKey, deaf)).toBeNull();
  });
});

describe("when a key was last used", () => {
  const lastUsedOf = async (keyId: bigint) => {
    const [row] = await owner`select last_used_at from api_keys where id = ${keyId.toString()}`;
    return row?.last_used_at as Date | null;
  };

  it("is written for many uses together, with the time of the last one", async () => {
    const { key, check, user } = await rememberedKey();
    for (let time = 0; time < 100; time += 1) await check();
    expect(await lastUsedOf(key.id)).toBeNull();
    await elsewhere.keyUses.flush();
    const usedAt = await lastUsedOf(key.id);
    expect(Math.abs((usedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);
    expect((await listApiKeys(user.context))[0]?.lastUsedAt).toEqual(usedAt);
  });

  it("never goes back, and a key that isn't used isn't touched", async () => {
    const { key, check } = await rememberedKey();
    await check();
    const later = new Date(Date.now() + 60_000);
    await owner`update api_keys set last_used_at = ${later} where id = ${key.id.toString()}`;
    await elsewhere.keyUses.flush();
    expect(await lastUsedOf(key.id)).toEqual(later);
  });

  it("is written at the end of the process", async () => {
    const process = createCredentials(db);
    const { context } = await createUser(db);
    const { apiKey, key } = await createApiKey(context, READER);
    await checkApiKey(db, apiKey, process);
    await stopCredentials(process);
    expect(await lastUsedOf(key.id)).not.toBeNull();
  });

  it("a refused key is not used", async () => {
    const process = createCredentials(db);
    const { userId } = await createUser(db);
    const { apiKey, keyId } = await insertExpiredKey(owner, userId);
    await checkApiKey(db, apiKey, process);
    await stopCredentials(process);
    expect(await lastUsedOf(keyId)).toBeNull();
  });
});
