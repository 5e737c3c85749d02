import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser } from "@/e2e/support/people";
import type { Context } from "@/lib/services/context";
import { insertExpiredKey } from "../../../../e2e/support/credentials";
import { createApiKey, createApiKeyOnce } from "./create-api-key";
import { hashOfKey, isKeyText } from "./key-text";
import { listApiKeys } from "./list-api-keys";
import { revokeApiKey } from "./revoke-api-key";
import { rolloverApiKey } from "./rollover-api-key";
import { type ApiKeyExpiry, createApiKeySchema } from "./schema";

const { db, owner } = await useDatabase();

const READER = { name: "wallet-service", permissions: ["read" as const], expiry: "1M" as const };

/** How often each outcome came: `ok`, or an error's code. */
async function outcomes(tries: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(tries)) {
    const name = result.status === "fulfilled" ? "ok" : String(result.reason.code);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const times = <T>(count: number, make: () => Promise<T>) => Array.from({ length: count }, make);

async function activeKeys(userId: bigint): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int from api_keys
    where user_id = ${userId.toString()} and revoked_at is null and expires_at > clock_timestamp()`;
  return row?.count ?? 0;
}

describe("a form for a key that is sent again", () => {
  const times8 = (context: Context, key: string) =>
    Promise.all(times(8, () => createApiKeyOnce(context, { ...READER, key })));

  it("makes one key, whose text is answered once", async () => {
    const { context, userId } = await createUser(db);
    const first = await createApiKeyOnce(context, { ...READER, key: "form-1" });
    expect(first.apiKey).not.toBeNull();
    const second = await createApiKeyOnce(context, { ...READER, key: "form-1" });
    expect(second).toMatchObject({ apiKey: null, key: { id: first.key.id, name: READER.name } });
    expect(await activeKeys(userId)).toBe(1);
  });

  it("does so at the same moment, and when there is no room for another key", async () => {
    const { context, userId } = await createUser(db);
    const answers = await times8(context, "form-1");
    expect(answers.filter(({ apiKey }) => apiKey !== null)).toHaveLength(1);
    expect(new Set(answers.map(({ key }) => key.id)).size).toBe(1);
    await Promise.all(times(4, () => createApiKey(context, READER)));
    expect(await createApiKeyOnce(context, { ...READER, key: "form-1" })).toMatchObject({ apiKey: null });
    expect(await activeKeys(userId)).toBe(5);
  });

  it("with other fields is a mismatch, and somebody else's form makes a key of its own", async () => {
    const [{ context }, other] = [await createUser(db), await createUser(db)];
    await createApiKeyOnce(context, { ...READER, key: "form-1" });
    for (const input of [
      { name: "other" },
      { expiry: "1H" as const },
      { permissions: ["deposit" as const] },
    ]) {
      const again = createApiKeyOnce(context, { ...READER, ...input, key: "form-1" });
      await expect(again).rejects.toMatchObject({ code: "idempotency_mismatch" });
    }
    expect((await createApiKeyOnce(other.context, { ...READER, key: "form-1" })).apiKey).not.toBeNull();
  });

  it("leaves its idempotency key free when it was refused", async () => {
    const { context } = await createUser(db);
    const full = await Promise.all(times(5, () => createApiKey(context, READER)));
    const send = () => createApiKeyOnce(context, { ...READER, key: "form-1" });
    await expect(send()).rejects.toMatchObject({ code: "key_limit_reached" });
    await revokeApiKey(context, { keyId: full[0]?.key.id ?? 0n });
    expect((await send()).apiKey).not.toBeNull();
  });
});

describe("creating a key", () => {
  it("shows it once and stores its hash and first twelve characters", async () => {
    const { context, userId } = await createUser(db);
    const { apiKey, key } = await createApiKey(context, { ...READER, permissions: ["deposit", "read"] });
    expect(isKeyText(apiKey)).toBe(true);
    expect(key).toMatchObject({
      name: "wallet-service",
      prefix: apiKey.slice(0, 12),
      permissions: ["deposit", "read"],
      isRevoked: false,
      isExpired: false,
      isActive: true,
      isReplaced: false,
      lastUsedAt: null,
    });
    const [row] =
      await owner`select *, api_keys::text as whole from api_keys where id = ${key.id.toString()}`;
    expect(row?.hash).toEqual(hashOfKey(apiKey));
    expect(row?.user_id).toBe(userId.toString());
    expect(row?.whole).not.toContain(apiKey.slice(12));
    expect(
      JSON.stringify(await listApiKeys(context), (_, v) => (typeof v === "bigint" ? `${v}` : v)),
    ).not.toContain(apiKey.slice(12));
  });

  it("refuses a key without a permission, whoever calls, and stores nothing", async () => {
    const { context, userId } = await createUser(db);
    await expect(createApiKey(context, { ...READER, permissions: [] })).rejects.toMatchObject({
      code: "validation_failed",
      details: { issues: [{ field: "permissions", reason: "permission_required" }] },
    });
    expect(await activeKeys(userId)).toBe(0);
  });

  it.each([
    ["1H", "1 hour"],
    ["1D", "1 day"],
    ["1M", "1 month"],
    ["1Y", "1 year"],
  ] as [ApiKeyExpiry, string][])(
    "%s is %s of the calendar, by the database's clock",
    async (expiry, interval) => {
      const { context } = await createUser(db);
      const { key } = await createApiKey(context, { ...READER, expiry });
      const [row] = await owner<{ off: number }[]>`
      select abs(extract(epoch from expires_at
        - (created_at at time zone 'UTC' + ${interval}::interval) at time zone 'UTC'))::float8 as off
      from api_keys where id = ${key.id.toString()}`;
      expect(row?.off).toBeLessThan(1);
    },
  );

  it("of twelve at once five are made", async () => {
    const { context, userId } = await createUser(db);
    expect(await outcomes(times(12, () => createApiKey(context, READER)))).toEqual({
      ok: 5,
      key_limit_reached: 7,
    });
    expect(await activeKeys(userId)).toBe(5);
  });

  it("revoked and expired keys leave their place", async () => {
    const { context, userId } = await createUser(db);
    await insertExpiredKey(owner, userId);
    const made = await Promise.all(times(5, () => createApiKey(context, READER)));
    await expect(createApiKey(context, READER)).rejects.toMatchObject({ code: "key_limit_reached" });
    await revokeApiKey(context, { keyId: made[0]?.key.id ?? 0n });
    await createApiKey(context, READER);
    expect(await activeKeys(userId)).toBe(5);
  });

  it("one user may create thirty in an hour", async () => {
    const [one, other] = [await createUser(db), await createUser(db)];
    const tries = times(36, () => createApiKey(one.context, READER));
    expect(await outcomes(tries)).toEqual({ ok: 5, key_limit_reached: 25, rate_limited: 6 });
    for (const { id } of await listApiKeys(one.context)) await revokeApiKey(one.context, { keyId: id });
    await expect(createApiKey(one.context, READER)).rejects.toMatchObject({ code: "rate_limited" });
    await createApiKey(other.context, READER);
  });

  it("one user's keys don't count for another", async () => {
    const [one, other] = [await createUser(db), await createUser(db)];
    await Promise.all(times(5, () => createApiKey(one.context, READER)));
    await createApiKey(other.context, READER);
  });
});

describe("who may", () => {
  it("a key, a frozen user and an anonymous caller can't manage keys", async () => {
    const user = await createUser(db);
    const { key } = await createApiKey(user.context, READER);
    const callers: Context[] = [
      createContext(db),
      createContext(db, { kind: "api_key", userId: user.userId, keyId: key.id }),
      createContext(db, { kind: "system" }),
    ];
    for (const context of callers) {
      const refused = { code: "unauthenticated" };
      await expect(createApiKey(context, READER)).rejects.toMatchObject(refused);
      await expect(listApiKeys(context)).rejects.toMatchObject(refused);
      await expect(revokeApiKey(context, { keyId: key.id })).rejects.toMatchObject(refused);
      await expect(rolloverApiKey(context, { expiredKeyId: key.id, expiry: "1D" })).rejects.toMatchObject(
        refused,
      );
    }
    await owner`update users set frozen_at = now() where id = ${user.userId.toString()}`;
    await expect(createApiKey(user.context, READER)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("somebody else's key is as one that doesn't exist", async () => {
    const [mine, theirs] = [await createUser(db), await createUser(db)];
    const { keyId } = await insertExpiredKey(owner, theirs.userId);
    for (const id of [keyId, 999_999_999_999n]) {
      await expect(revokeApiKey(mine.context, { keyId: id })).rejects.toMatchObject({ code: "not_found" });
      await expect(rolloverApiKey(mine.context, { expiredKeyId: id, expiry: "1D" })).rejects.toMatchObject({
        code: "not_found",
      });
    }
    expect((await listApiKeys(theirs.context)).map(({ isRevoked }) => isRevoked)).toEqual([false]);
  });
});

describe("listing and revoking", () => {
  it("lists the newest first, with the state of each", async () => {
    const { context, userId } = await createUser(db);
    const expired = await insertExpiredKey(owner, userId);
    const first = await createApiKey(context, { ...READER, name: "first" });
    const second = await createApiKey(context, { ...READER, name: "second" });
    await revokeApiKey(context, { keyId: first.key.id });
    const listed = await listApiKeys(context);
    expect(listed.map(({ id }) => id)).toEqual([second.key.id, first.key.id, expired.keyId]);
    expect(listed.map(({ isActive, isRevoked, isExpired }) => [isActive, isRevoked, isExpired])).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
  });

  it("revoking twice keeps the first time", async () => {
    const { context } = await createUser(db);
    const { key } = await createApiKey(context, READER);
    await revokeApiKey(context, { keyId: key.id });
    const revokedAt = () => owner`select revoked_at from api_keys where id = ${key.id.toString()}`;
    const [before] = await revokedAt();
    await revokeApiKey(context, { keyId: key.id });
    expect((await revokedAt())[0]).toEqual(before);
  });
});

describe("rolling over", () => {
  it("makes a successor with name and permissions of the old one, which stays as it was", async () => {
    const { context, userId } = await createUser(db);
    const old = await insertExpiredKey(owner, userId);
    const { apiKey, key } = await rolloverApiKey(context, { expiredKeyId: old.keyId, expiry: "1Y" });
    expect(apiKey).not.toBe(old.apiKey);
    expect(key).toMatchObject({ name: "old one", permissions: ["read", "deposit"], isActive: true });
    const [, listed] = await listApiKeys(context);
    expect(listed).toMatchObject({ id: old.keyId, isExpired: true, isRevoked: false, isReplaced: true });
  });

  it("a live key can't be, nor a revoked one, expired or not", async () => {
    const { context, userId } = await createUser(db);
    const live = await createApiKey(context, READER);
    const revoked = await createApiKey(context, READER);
    await revokeApiKey(context, { keyId: revoked.key.id });
    const both = await insertExpiredKey(owner, userId, { revoked: true });
    const codeOf = (expiredKeyId: bigint) =>
      rolloverApiKey(context, { expiredKeyId, expiry: "1D" }).catch((error) => error.code);
    expect(await codeOf(live.key.id)).toBe("key_not_expired");
    expect(await codeOf(revoked.key.id)).toBe("key_revoked");
    expect(await codeOf(both.keyId)).toBe("key_revoked");
  });

  it("eight times at once makes one successor", async () => {
    const { context, userId } = await createUser(db);
    const { keyId } = await insertExpiredKey(owner, userId);
    const roll = () => rolloverApiKey(context, { expiredKeyId: keyId, expiry: "1D" });
    expect(await outcomes(times(8, roll))).toEqual({ ok: 1, key_replaced: 7 });
    expect(await activeKeys(userId)).toBe(1);
  });

  it("counts towards five, against creations at the same moment too", async () => {
    const { context, userId } = await createUser(db);
    const old = await Promise.all(times(4, () => insertExpiredKey(owner, userId)));
    const tries = [
      ...old.map(({ keyId }) => rolloverApiKey(context, { expiredKeyId: keyId, expiry: "1D" })),
      ...times(8, () => createApiKey(context, READER)),
    ];
    expect(await outcomes(tries)).toEqual({ ok: 5, key_limit_reached: 7 });
    expect(await activeKeys(userId)).toBe(5);
  });

  it("the database itself refuses a second successor", async () => {
    const { context, userId } = await createUser(db);
    const { keyId } = await insertExpiredKey(owner, userId);
    const { key } = await rolloverApiKey(context, { expiredKeyId: keyId, expiry: "1D" });
    await expect(
      owner`insert into api_keys (user_id, name, prefix, hash, permissions, expires_at, replaces_key_id)
        select user_id, name, prefix, sha256('another'), permissions, expires_at, replaces_key_id
        from api_keys where id = ${key.id.toString()}`,
    ).rejects.toMatchObject({ constraint_name: "api_keys_replaces_key" });
  });
});

describe("input", () => {
  const good = { name: "a", permissions: ["read"], expiry: "1H" };

  it.each([
    ["name", { ...good, name: "  " }],
    ["name", { ...good, name: "x".repeat(81) }],
    ["name", { ...good, name: "a\u0000b" }],
    ["name", { ...good, name: "half a pair \ud83d" }],
    ["name", { ...good, name: 5 }],
    ["permissions", { ...good, permissions: [] }],
    ["permissions", { ...good, permissions: ["admin"] }],
    ["permissions", { ...good, permissions: "read" }],
    ["permissions", { ...good, permissions: Array(21).fill("read") }],
    ["expiry", { ...good, expiry: "2H" }],
    ["expiry", { ...good, expiry: "0H" }],
    ["expiry", { ...good, expiry: "1h" }],
    ["expiry", { ...good, expiry: "1M " }],
  ])("a wrong %s is refused (%#)", (field, typed) => {
    expect(createApiKeySchema.safeParse(typed).error?.issues[0]?.path[0]).toBe(field);
  });

  it("a permission that is named twice counts once", () => {
    const parsed = createApiKeySchema.parse({ ...good, permissions: ["read", "transfer", "read"] });
    expect(parsed.permissions).toEqual(["read", "transfer"]);
  });
});
