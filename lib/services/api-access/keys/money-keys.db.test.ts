import { describe, expect, it } from "vitest";
import { insertApiSession, insertExpiredKey } from "@/e2e/support/credentials";
import { useDatabase } from "@/e2e/support/database";
import { createUser, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { revokeOtherSessions } from "@/lib/services/identity/sessions/revoke-other-sessions";
import { createApiKey } from "./create-api-key";
import { listApiKeys } from "./list-api-keys";
import { rolloverApiKey } from "./rollover-api-key";
import type { ApiPermission } from "./schema";

const { db, owner } = await useDatabase();

const WRONG_PIN = "8265";

/** Every set of permissions by which money can leave. */
const MONEY_OUT: ApiPermission[][] = [
  ["transfer"],
  ["withdraw"],
  ["read", "transfer"],
  ["deposit", "transfer", "read", "withdraw"],
];

const asked = (permissions: ApiPermission[], pin?: string) => ({
  name: "caisse",
  permissions,
  expiry: "1Y" as const,
  ...(pin === undefined ? {} : { pin }),
});

async function keysOf({ context }: TestUser): Promise<number> {
  return (await listApiKeys(context)).length;
}

/** The person as a client of the JSON API that signed in `minutesAgo`. */
async function asApiClient({ context, userId }: TestUser, minutesAgo: number) {
  const { sessionId } = await insertApiSession(owner, userId);
  await owner`update api_sessions set created_at = now() - make_interval(mins => ${minutesAgo}) where id = ${sessionId}`;
  return { ...context, actor: { kind: "user", userId, sessionId } as const };
}

describe("a key by which money can leave the wallet", () => {
  it.each(MONEY_OUT.map((permissions) => [permissions]))("isn't made by a session alone: %s", async (set) => {
    const without = await createUser(db);
    await expect(createApiKey(without.context, asked(set))).rejects.toMatchObject({ code: "pin_not_set" });
    const user = await createUser(db, { pin: TEST_PIN });
    await expect(createApiKey(user.context, asked(set))).rejects.toMatchObject({
      code: "pin_required",
      details: { issues: [{ field: "pin", reason: "pin_required" }] },
    });
    await expect(createApiKey(user.context, asked(set, WRONG_PIN))).rejects.toMatchObject({
      code: "pin_wrong",
    });
    expect([await keysOf(without), await keysOf(user)]).toEqual([0, 0]);
    expect((await createApiKey(user.context, asked(set, TEST_PIN))).key.permissions).toEqual(set);
  });

  it("isn't renewed by a session alone", async () => {
    const user = await createUser(db, { pin: TEST_PIN });
    const { keyId } = await insertExpiredKey(owner, user.userId, { permissions: ["withdraw"] });
    const renew = (pin: string) => rolloverApiKey(user.context, { expiredKeyId: keyId, expiry: "1Y", pin });
    await expect(renew("")).rejects.toMatchObject({ code: "pin_required" });
    await expect(renew(WRONG_PIN)).rejects.toMatchObject({ code: "pin_wrong" });
    expect(await keysOf(user)).toBe(1);
    expect((await renew(TEST_PIN)).key.permissions).toEqual(["withdraw"]);
    // A renewed key is refused for what it is: a wrong PIN isn't counted any more.
    await expect(renew(WRONG_PIN)).rejects.toMatchObject({ code: "key_replaced" });
  });

  it("is made by an API client without the PIN only right after its sign-in", async () => {
    const user = await createUser(db, { pin: TEST_PIN });
    const fresh = await asApiClient(user, 9);
    await createApiKey(fresh, asked(["transfer"]));
    await expect(createApiKey(fresh, asked(["transfer"], WRONG_PIN))).rejects.toMatchObject({
      code: "pin_wrong",
    });
    const old = await asApiClient(user, 11);
    await expect(createApiKey(old, asked(["transfer"]))).rejects.toMatchObject({ code: "pin_required" });
    await createApiKey(old, asked(["transfer"], TEST_PIN));
    expect(await keysOf(user)).toBe(2);
  });
});

it("a key that only reads or tops up needs no PIN", async () => {
  const user = await createUser(db);
  await createApiKey(user.context, asked(["read", "deposit"]));
  expect(await keysOf(user)).toBe(1);
});

it("signing out elsewhere revokes the keys when asked to, and keeps them otherwise", async () => {
  const user = await createUser(db);
  const other = await createUser(db);
  for (const { context } of [user, other]) await createApiKey(context, asked(["read"]));
  await revokeOtherSessions(user.context);
  expect(await listApiKeys(user.context)).toMatchObject([{ isActive: true }]);
  await revokeOtherSessions(user.context, { withKeys: true });
  expect(await listApiKeys(user.context)).toMatchObject([{ isActive: false, isRevoked: true }]);
  expect(await listApiKeys(other.context)).toMatchObject([{ isActive: true }]);
});
