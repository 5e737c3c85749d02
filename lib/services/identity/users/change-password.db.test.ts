import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, signInFrom } from "@/e2e/support/people";
import { refusalOf } from "@/e2e/support/refusal";
import { findSession } from "../sessions/find-session";
import { startSession } from "../sessions/start-session";
import { authenticate } from "./authenticate";
import { changePassword } from "./change-password";

const { db, owner } = await useDatabase();
const OLD = "le marché de Rood Woko";
const NEW = "trois chèvres au puits";

describe("changing the password", () => {
  it("takes the present one, ends all other sessions, tells the owner, and is done once", async () => {
    const user = await createUser(db, { password: OLD });
    const elsewhere = await startSession(createContext(db), user.userId, "Elsewhere");
    const change = { currentPassword: OLD, password: NEW };
    expect(await changePassword(user.context, change)).toEqual({ changed: true });
    expect(await changePassword(user.context, change)).toEqual({ changed: false });
    expect(await findSession(db, elsewhere)).toBeNull();
    const { actor } = user.context;
    expect(actor.kind === "user" && (await findSession(db, actor.sessionId))).toBeTruthy();
    const credentials = { identifier: user.email, password: NEW };
    expect(await authenticate(createContext(db), credentials, signInFrom())).toMatchObject({
      userId: user.userId,
    });
    const notices = await owner`select kind from notices where user_id = ${user.userId.toString()}`;
    expect(notices).toEqual([{ kind: "password_changed" }]);
  });

  it("refuses a wrong present password, the sixth time altogether, also with the right new one", async () => {
    const user = await createUser(db, { password: OLD });
    for (let time = 0; time < 5; time += 1) {
      const wrong = changePassword(user.context, { currentPassword: "not this one", password: NEW });
      expect(await refusalOf(wrong)).toMatchObject({
        details: { issues: [{ field: "currentPassword", reason: "password_wrong" }] },
      });
    }
    const right = changePassword(user.context, { currentPassword: OLD, password: NEW });
    expect((await refusalOf(right)).code).toBe("rate_limited");
    const guess = changePassword(user.context, { currentPassword: "x", password: OLD });
    expect((await refusalOf(guess)).code).toBe("rate_limited");
  });

  it("refuses one that is guessed first, or too short for an account without a verified number", async () => {
    const user = await createUser(db, { password: OLD });
    const change = (password: string) => changePassword(user.context, { currentPassword: OLD, password });
    expect(await refusalOf(change("Cauris2026"))).toMatchObject({
      details: { issues: [{ reason: "password_common" }] },
    });
    expect(await refusalOf(change("8 lettr"))).toMatchObject({
      details: { issues: [{ reason: "password_too_short" }] },
    });
  });

  it("sets the first one of an account without any, right after signing in", async () => {
    const user = await createUser(db);
    const late = { ...user.context, now: new Date(Date.now() + 11 * 60_000) };
    const change = { currentPassword: "", password: NEW };
    expect((await refusalOf(changePassword(late, change))).code).toBe("unauthenticated");
    expect(await changePassword(user.context, change)).toEqual({ changed: true });
    const key = createContext(db, { kind: "api_key", userId: user.userId, keyId: 1n });
    expect((await refusalOf(changePassword(key, change))).code).toBe("unauthenticated");
  });

  it("of thirty at once one does it", async () => {
    const user = await createUser(db, { password: OLD });
    const change = { currentPassword: OLD, password: NEW };
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, () => changePassword(user.context, change)),
    );
    const done = all.filter((each) => each.status === "fulfilled" && each.value.changed);
    expect(done).toHaveLength(1);
  });
});
