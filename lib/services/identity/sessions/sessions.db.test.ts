import { beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createUser, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { checkApiSession } from "@/lib/services/api-access/sessions/check-api-session";
import { startApiSession } from "@/lib/services/api-access/sessions/start-api-session";
import { findSession } from "./find-session";
import { listSessions } from "./list-sessions";
import { revokeOtherSessions } from "./revoke-other-sessions";
import { revokeSession } from "./revoke-session";
import { startSession } from "./start-session";

describe("sessions", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await useDatabase();
  });

  function sessionOf({ context }: TestUser): string {
    return context.actor.kind === "user" ? context.actor.sessionId : "";
  }

  it("each one has an id of its own and leads to its user", async () => {
    const user = await createUser(database.db);
    const first = await startSession(user.context, user.userId, "Chrome · Android");
    const second = await startSession(user.context, user.userId, "Chrome · Android");
    expect(first).not.toBe(second);
    expect(await findSession(database.db, first)).toMatchObject({ userId: user.userId, sessionId: first });
  });

  it("none starts with a password that was replaced after it was compared", async () => {
    const user = await createUser(database.db);
    await database.owner`update users set password_hash = 'new' where id = ${user.userId.toString()}`;
    const start = (passwordHash: string) => startSession(user.context, user.userId, "Test", { passwordHash });
    await expect(start("old")).rejects.toMatchObject({ code: "invalid_credentials" });
    expect(await findSession(database.db, await start("new"))).toMatchObject({ userId: user.userId });
  });

  it("unknown ids find no session", async () => {
    for (const id of [newKey(), "", "1", "' or 1=1", "00000000-0000-0000-0000-00000000000G"]) {
      expect(await findSession(database.db, id)).toBeNull();
    }
  });

  it("a revoked one ends at once, and only once", async () => {
    const user = await createUser(database.db);
    const sessionId = await startSession(user.context, user.userId, "Test");
    await revokeSession(user.context, sessionId);
    expect(await findSession(database.db, sessionId)).toBeNull();
    await expect(revokeSession(user.context, sessionId)).rejects.toMatchObject({ code: "not_found" });
  });

  it("somebody else's can't be revoked, listed or told from one that doesn't exist", async () => {
    const [awa, ali] = [await createUser(database.db), await createUser(database.db)];
    await expect(revokeSession(ali.context, sessionOf(awa))).rejects.toMatchObject({ code: "not_found" });
    await expect(revokeSession(ali.context, newKey())).rejects.toMatchObject({ code: "not_found" });
    expect(await findSession(database.db, sessionOf(awa))).not.toBeNull();
    const listed = await listSessions(ali.context);
    expect(listed.map(({ sessionId, isCurrent }) => [sessionId, isCurrent])).toEqual([
      [sessionOf(ali), true],
    ]);
  });

  it("all the others can be ended together", async () => {
    const user = await createUser(database.db);
    const stranger = await createUser(database.db);
    const others = [];
    for (const device of ["a", "b", "c"]) others.push(await startSession(user.context, user.userId, device));
    const client = await startApiSession(user.context, user.userId);
    expect(await revokeOtherSessions(user.context)).toBe(3);
    expect(await checkApiSession(database.db, client)).toBe(false);
    for (const other of others) expect(await findSession(database.db, other)).toBeNull();
    expect(await findSession(database.db, sessionOf(user))).not.toBeNull();
    expect(await findSession(database.db, sessionOf(stranger))).not.toBeNull();
  });

  it("an expired one is not found", async () => {
    const user = await createUser(database.db);
    await database.owner`update sessions set expires_at = now() where id = ${sessionOf(user)}`;
    expect(await findSession(database.db, sessionOf(user))).toBeNull();
    expect(await listSessions(user.context)).toEqual([]);
  });

  it("a frozen user's stop working, and work again once unfrozen", async () => {
    const user = await createUser(database.db);
    await database.owner`update users set frozen_at = now() where id = ${user.userId.toString()}`;
    expect(await findSession(database.db, sessionOf(user))).toBeNull();
    await database.owner`update users set frozen_at = null where id = ${user.userId.toString()}`;
    expect(await findSession(database.db, sessionOf(user))).not.toBeNull();
  });

  async function daysLeft(sessionId: string): Promise<number> {
    const [row] = await database.owner<{ days: number }[]>`
      select (extract(epoch from expires_at - now()) / 86400)::float8 as days from sessions where id = ${sessionId}`;
    return row?.days ?? Number.NaN;
  }

  it("using one extends it to 30 more days, written at most every five minutes", async () => {
    const user = await createUser(database.db);
    const id = sessionOf(user);
    const age = (minutes: number) => database.owner`
      update sessions set last_seen_at = now() - make_interval(mins => ${minutes}),
        expires_at = now() + interval '1 day' where id = ${id}`;
    await age(4);
    await findSession(database.db, id);
    expect(await daysLeft(id)).toBeCloseTo(1, 2);
    await age(6);
    await findSession(database.db, id);
    expect(await daysLeft(id)).toBeCloseTo(30, 2);
  });

  it("none lasts longer than 90 days after it was made", async () => {
    const user = await createUser(database.db);
    const id = sessionOf(user);
    await database.owner`update sessions set created_at = now() - interval '80 days',
      last_seen_at = now() - interval '1 day', expires_at = now() + interval '1 day' where id = ${id}`;
    await findSession(database.db, id);
    expect(await daysLeft(id)).toBeCloseTo(10, 2);
  });
});
