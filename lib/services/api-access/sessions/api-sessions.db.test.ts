import { afterAll, describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { signInWithGoogle } from "@/lib/services/identity/users/sign-in-with-google";
import { createCredentials, processCredentials, stopCredentials } from "../credentials/process-credentials";
import { createApiKey } from "../keys/create-api-key";
import { listApiKeys } from "../keys/list-api-keys";
import { checkApiSession } from "./check-api-session";
import { endApiSession } from "./end-api-session";
import { refreshApiSession } from "./refresh-api-session";
import { hashOfRefreshToken, newRefreshToken, successorOf } from "./refresh-token";
import { type ApiSessionTokens, startApiSession } from "./start-api-session";
import { startLocalSession } from "./start-local-session";

const { db, owner } = await useDatabase();
const elsewhere = createCredentials(db);
afterAll(async () => {
  await stopCredentials(elsewhere);
  await stopCredentials(processCredentials(db));
});

const anonymous = createContext(db);
const refused = { code: "unauthenticated" };

async function signedIn(): Promise<{ user: TestUser; tokens: ApiSessionTokens; context: Context }> {
  const user = await createUser(db);
  const tokens = await startApiSession(anonymous, user.userId);
  const actor = { kind: "user", userId: user.userId, sessionId: tokens.sessionId } as const;
  return { user, tokens, context: createContext(db, actor) };
}

const refresh = (token: string) => refreshApiSession(anonymous, token);

/** Makes it look as if a token had been used `seconds` earlier than it was. */
async function age(token: string, seconds: number): Promise<void> {
  await owner`update refresh_tokens set used_at = used_at - make_interval(secs => ${seconds})
    where hash = ${hashOfRefreshToken(token)}`;
}

async function revokedFor(sessionId: string): Promise<string | null> {
  const [row] = await owner`select revoked_for from api_sessions where id = ${sessionId}`;
  return row?.revoked_for ?? null;
}

async function tokensOf(sessionId: string): Promise<number> {
  const [row] = await owner`select count(*)::int as n from refresh_tokens where session_id = ${sessionId}`;
  return row?.n;
}

describe("refreshing", () => {
  it("trades a token for another of the same session, for seven days", async () => {
    const { tokens } = await signedIn();
    expect(tokens.refresh).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const next = await refresh(tokens.refresh);
    expect(next).toMatchObject({ userId: tokens.userId, sessionId: tokens.sessionId });
    expect(next.refresh).not.toBe(tokens.refresh);
    const rows = await owner`
      select refresh_tokens::text as whole, extract(day from expires_at - created_at)::int as days
      from refresh_tokens where session_id = ${tokens.sessionId}`;
    expect(rows.map(({ days }) => days)).toEqual([7, 7]);
    for (const { whole } of rows) {
      expect(whole).not.toContain(tokens.refresh);
      expect(whole).not.toContain(next.refresh);
    }
  });

  it("goes on as long as the client refreshes", async () => {
    const { tokens } = await signedIn();
    let token = tokens.refresh;
    for (let time = 0; time < 10; time += 1) token = (await refresh(token)).refresh;
    expect(await tokensOf(tokens.sessionId)).toBe(11);
    expect(await revokedFor(tokens.sessionId)).toBeNull();
  });

  it("from eight tabs at once gives all eight the same token, and makes one", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { tokens } = await signedIn();
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(tokens.refresh)));
      expect(new Set(answers.map((answer) => answer.refresh)).size).toBe(1);
      expect(await tokensOf(tokens.sessionId)).toBe(2);
      expect(await revokedFor(tokens.sessionId)).toBeNull();
      await refresh(answers[0]?.refresh ?? "");
    }
  });

  it("an answer that was lost is given again within ten seconds", async () => {
    const { tokens } = await signedIn();
    const lost = await refresh(tokens.refresh);
    await age(tokens.refresh, 9);
    expect((await refresh(tokens.refresh)).refresh).toBe(lost.refresh);
  });

  it("a used token after ten seconds ends the family: the thief's token and the owner's", async () => {
    const { tokens } = await signedIn();
    const next = await refresh(tokens.refresh);
    await age(tokens.refresh, 10);
    await expect(refresh(tokens.refresh)).rejects.toMatchObject(refused);
    await expect(refresh(next.refresh)).rejects.toMatchObject(refused);
    expect(await revokedFor(tokens.sessionId)).toBe("reuse");
    expect(await checkApiSession(db, tokens)).toBe(false);
  });

  it("a token whose successor was used is no previous one any more, however soon it comes", async () => {
    const { tokens } = await signedIn();
    const second = await refresh(tokens.refresh);
    const third = await refresh(second.refresh);
    await expect(refresh(tokens.refresh)).rejects.toMatchObject(refused);
    await expect(refresh(third.refresh)).rejects.toMatchObject(refused);
    expect(await revokedFor(tokens.sessionId)).toBe("reuse");
  });

  it("a used token sent eight times at once ends the session once and gives no token", async () => {
    const { tokens } = await signedIn();
    const next = await refresh(tokens.refresh);
    await age(tokens.refresh, 60);
    const tries = await Promise.allSettled(
      [...Array(7).fill(tokens.refresh), next.refresh].map((token: string) => refresh(token)),
    );
    // The owner may have come first; nobody after a thief.
    expect(tries.slice(0, 7).every(({ status }) => status === "rejected")).toBe(true);
    expect(await revokedFor(tokens.sessionId)).toBe("reuse");
    await expect(refresh(successorOf(next.refresh))).rejects.toMatchObject(refused);
  });

  it("other families go on", async () => {
    const { user, tokens } = await signedIn();
    const other = await startApiSession(anonymous, user.userId);
    await refresh(tokens.refresh);
    await age(tokens.refresh, 60);
    await expect(refresh(tokens.refresh)).rejects.toMatchObject(refused);
    await refresh(other.refresh);
  });

  it("an expired token is refused, used or not, and doesn't end the session", async () => {
    const { tokens } = await signedIn();
    await owner`update refresh_tokens set expires_at = clock_timestamp() where session_id = ${tokens.sessionId}`;
    await expect(refresh(tokens.refresh)).rejects.toMatchObject(refused);
    expect(await revokedFor(tokens.sessionId)).toBeNull();
  });

  it("ends ninety days after the sign-in, however often it is refreshed", async () => {
    const { tokens } = await signedIn();
    const begunDaysAgo = (interval: string) =>
      owner`update api_sessions set created_at = clock_timestamp() - ${interval}::interval
        where id = ${tokens.sessionId}`;
    await begunDaysAgo("90 days -1 minute");
    const next = await refresh(tokens.refresh);
    await begunDaysAgo("90 days");
    await expect(refresh(next.refresh)).rejects.toMatchObject(refused);
    expect(await revokedFor(tokens.sessionId)).toBeNull();
  });

  it.each(["", "x", "x".repeat(43), "é".repeat(43), "x".repeat(100_000), newRefreshToken()])(
    "what we never gave out is refused (%#)",
    async (token) => {
      await expect(refresh(token)).rejects.toMatchObject(refused);
    },
  );

  it("a frozen user's tokens are refused", async () => {
    const { user, tokens } = await signedIn();
    await owner`update users set frozen_at = now() where id = ${user.userId.toString()}`;
    await expect(refresh(tokens.refresh)).rejects.toMatchObject(refused);
    await expect(startApiSession(anonymous, user.userId)).rejects.toMatchObject({ code: "sign_in_failed" });
  });

  it("expired rows are deleted at the next sign-in", async () => {
    const { tokens } = await signedIn();
    await owner`update refresh_tokens set expires_at = now() - interval '8 days'
      where session_id = ${tokens.sessionId}`;
    await signedIn();
    expect(await tokensOf(tokens.sessionId)).toBe(0);
  });
});

describe("logging out", () => {
  it("ends access and refresh tokens at once", async () => {
    const { tokens, context } = await signedIn();
    expect(await checkApiSession(db, tokens)).toBe(true);
    await endApiSession(context);
    expect(await checkApiSession(db, tokens)).toBe(false);
    await expect(refresh(tokens.refresh)).rejects.toMatchObject(refused);
    expect(await revokedFor(tokens.sessionId)).toBe("logout");
  });

  it("with a refresh token of another session of the same user ends both", async () => {
    const { user, tokens, context } = await signedIn();
    const other = await startApiSession(anonymous, user.userId);
    await endApiSession(context, other.refresh);
    expect([await checkApiSession(db, tokens), await checkApiSession(db, other)]).toEqual([false, false]);
  });

  it("with another user's refresh token, or an invalid one, ends only the caller's own session", async () => {
    const theirs = await signedIn();
    for (const token of [theirs.tokens.refresh, newRefreshToken(), "x"]) {
      const mine = await signedIn();
      await endApiSession(mine.context, token);
      expect(await checkApiSession(db, mine.tokens)).toBe(false);
      expect(await revokedFor(mine.tokens.sessionId)).toBe("logout");
    }
    expect(await checkApiSession(db, theirs.tokens)).toBe(true);
    await refresh(theirs.tokens.refresh);
  });

  it("is for persons only", async () => {
    const { user } = await signedIn();
    const key = createContext(db, { kind: "api_key", userId: user.userId, keyId: 1n });
    await expect(endApiSession(key)).rejects.toMatchObject(refused);
    await expect(endApiSession(anonymous)).rejects.toMatchObject(refused);
  });
});

describe("a session that another process has cached", () => {
  it.each([
    ["logout", async (_tokens: ApiSessionTokens, context: Context) => await endApiSession(context)],
    [
      "reuse",
      async (tokens: ApiSessionTokens) => {
        await refresh(tokens.refresh);
        await age(tokens.refresh, 60);
        await refresh(tokens.refresh).catch(() => {});
      },
    ],
    [
      "freezing",
      async (tokens: ApiSessionTokens) => {
        await owner`update users set frozen_at = now() where id = ${tokens.userId.toString()}`;
      },
    ],
  ] as const)("is over at once by %s", async (_, end) => {
    const { tokens, context } = await signedIn();
    await vi.waitFor(() => expect(elsewhere.revocations.position()).not.toBeNull());
    expect(await checkApiSession(db, tokens, elsewhere)).toBe(true);
    const from = performance.now();
    await end(tokens, context);
    await vi.waitFor(async () => expect(await checkApiSession(db, tokens, elsewhere)).toBe(false), {
      interval: 2,
    });
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  it("works for its own user only", async () => {
    const [{ tokens }, other] = [await signedIn(), await createUser(db)];
    expect(await checkApiSession(db, tokens, elsewhere)).toBe(true);
    expect(await checkApiSession(db, { ...tokens, userId: other.userId }, elsewhere)).toBe(false);
  });
});

describe("a session without a password", () => {
  it("is started by the system only, for an existing user", async () => {
    const user = await createUser(db);
    const system = createContext(db, { kind: "system" });
    const tokens = await startLocalSession(system, ` ${user.email.toUpperCase()} `);
    expect(await checkApiSession(db, tokens)).toBe(true);
    for (const email of [`${newKey()}@example.test`, "nobody"]) {
      await expect(startLocalSession(system, email)).rejects.toMatchObject({ code: "not_found" });
    }
    for (const context of [anonymous, user.context]) {
      await expect(startLocalSession(context, user.email)).rejects.toMatchObject(refused);
    }
  });

  it("keys and sessions of an account under somebody else's address end when the owner signs in with Google", async () => {
    const { user, tokens } = await signedIn();
    await createApiKey(user.context, { name: "second key", permissions: ["read"], expiry: "1Y" });
    await signInWithGoogle(anonymous, {
      subject: newKey(),
      email: user.email,
      emailVerified: true,
      givenName: "Awa",
      familyName: "Traoré",
      pictureUrl: null,
      locale: "fr",
    });
    expect((await listApiKeys(user.context)).map(({ isActive }) => isActive)).toEqual([false]);
    await vi.waitFor(async () => expect(await checkApiSession(db, tokens)).toBe(false));
    expect(await revokedFor(tokens.sessionId)).toBe("takeover");
  });
});
