// Sign-up, sign-in, sessions of pages and of the API, and API keys.

import { type ApiUser, insertExpiredKey } from "@/e2e/support/credentials";
import { agreeAtGoogle } from "@/e2e/support/google-sign-in";
import { newKey } from "@/lib/ids";
import { createApiKeyOnce } from "@/lib/services/api-access/keys/create-api-key";
import { revokeAnyApiKey } from "@/lib/services/api-access/keys/revoke-any-api-key";
import { startLocalSession } from "@/lib/services/api-access/sessions/start-local-session";
import { revokeOtherSessions } from "@/lib/services/identity/sessions/revoke-other-sessions";
import { revokeSession } from "@/lib/services/identity/sessions/revoke-session";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { authenticate } from "@/lib/services/identity/users/authenticate";
import { signUp } from "@/lib/services/identity/users/sign-up";
import { updateProfile } from "@/lib/services/identity/users/update-profile";
import type { Accepted } from "../../client";
import { ANONYMOUS, type CrashTest, SYSTEM, workload } from "../crash-test";
import { RefusedError } from "../harness";
import {
  findPageSession,
  finishGoogleWhileUnreachable,
  issueAccessToken,
  stopApiChecks,
} from "../process-calls";

const NEW_KEY = { name: "Shop", permissions: ["read"], expiry: "1H" };
/** Wrong passwords for an account before it has to wait (lib/services/identity). */
const ACCOUNT_TRIES = 10;

/** A new user with a password. */
export async function signUpPerson(test: CrashTest, address: string) {
  const email = `user-${test.random.hex(6)}@example.test`;
  const password = `password-${test.random.hex(8)}`;
  const profile = {
    firstName: "Awa",
    lastName: "Traoré",
    phone: "",
    phoneCountry: "BF",
    locale: "fr",
  } as const;
  await test.runOnce(["email_taken"], signUp, ANONYMOUS, { email, password, ...profile }, [address]);
  const [row] = await test.sql<{ id: string }[]>`select id from users where email = ${email}`;
  return { email, password, userId: BigInt(row?.id ?? 0) };
}

/** Access token and first refresh token of a new API session. */
async function apiSession(test: CrashTest, { email }: ApiUser): Promise<{ token: string; refresh: string }> {
  const token = await test.run(issueAccessToken, SYSTEM, email);
  const { refresh } = await test.run(startLocalSession, SYSTEM, email);
  return { token, refresh };
}

/** Each session has exactly one unused refresh token: the tokens form a chain, not a tree. */
async function checkChains(test: CrashTest, { userId }: ApiUser): Promise<void> {
  const rows = await test.sql`
    select count(*) filter (where t.used_at is null)::int as unused, s.revoked_at is not null as revoked
    from api_sessions s join refresh_tokens t on t.session_id = s.id
    where s.user_id = ${userId.toString()} group by s.id`;
  const intact = rows.filter(({ unused, revoked }) => unused === 1 && revoked === false);
  test.equal(intact.length, Math.max(rows.length, 1), "live sessions with one unused refresh token");
}

/** A whole sign-in as in a browser, with a first callback while Google is unreachable. Returns the last one's status. */
async function signInWithGoogle(test: CrashTest, email: string): Promise<number> {
  const { body: begun } = await test.client.call({ method: "GET", path: "/api/auth/google" });
  const address = String(begun.authorization_url);
  const state = new URL(address).searchParams.get("state") ?? "";
  await test.runOnce(
    ["provider_unavailable", "sign_in_failed"],
    finishGoogleWhileUnreachable,
    ANONYMOUS,
    state,
  );
  const callback = await agreeAtGoogle(address, { email, firstName: "Awa", lastName: "T" });
  const path = `/api/auth/google/callback${callback.search}`;
  return (await test.client.call({ method: "GET", path }, [200, "sign_in_failed"])).status;
}

export const ACCESS = [
  workload({
    name: "API keys are made, used, rolled over and revoked",
    reaches: /^(api-access\/keys\/|api\/keys\/)/,
    setUp: async (test) => {
      const person = await test.createPerson({ XOF: 1_000n });
      return { person, ...(await apiSession(test, person)) };
    },
    send: async (test, { person, token }) => {
      const post = (name: string, body: object, accepted?: Accepted) =>
        test.client.call({ path: `/api/keys/${name}`, credential: token, body }, accepted);
      const readBalance = (credential: string, accepted?: Accepted) =>
        test.client.call({ method: "GET", path: "/api/wallet/balance", credential }, accepted);
      const userId = person.userId.toString();
      const created = await post("create", NEW_KEY);
      await readBalance(String(created.body.api_key));
      await test.run(stopApiChecks, SYSTEM);
      // Each attempt whose response was lost may have made a key.
      const [made] = await test.sql`select count(*)::int as keys from api_keys where user_id = ${userId}`;
      test.equal(made?.keys <= 4, true, `a crashed call made one key at most (${made?.keys})`);
      const form = { name: "form", permissions: ["read" as const], expiry: "1D" as const, key: newKey() };
      await test.run(createApiKeyOnce, person, form);
      await test.run(createApiKeyOnce, person, form);
      const [once] = await test.sql`
        select count(*)::int as keys from api_keys where user_id = ${userId} and name = ${form.name}`;
      test.equal(once?.keys, 1, "keys of a form that was sent twice");
      const { keyId } = await insertExpiredKey(test.sql, person.userId);
      await post("rollover", { expired_key_id: Number(keyId), expiry: "1D" }, [200, "key_replaced"]);
      const next = await test.sql`select id from api_keys where replaces_key_id = ${keyId.toString()}`;
      test.equal(next.length, 1, "successors of an expired key");
      await post("revoke", { key_id: Number(next[0]?.id ?? 0) });
      const [own] = await test.sql`select id from api_keys where user_id = ${userId} order by id`;
      await test.run(revokeAnyApiKey, SYSTEM, { keyId: BigInt(own?.id ?? 0) });
      await readBalance(person.apiKey, [401]);
    },
  }),
  workload({
    name: "a session is refreshed several times, and logged out",
    reaches:
      /^(api-access\/sessions\/(start-api-session|refresh-api-session|end-api-session)|api\/auth\/(refresh|logout))/,
    setUp: (test) => test.createPerson(),
    send: async (test, person) => {
      let { token, refresh } = await apiSession(test, person);
      const sendRefresh = (accepted?: Accepted) =>
        test.client.call({ path: "/api/auth/refresh", body: { refresh } }, accepted);
      for (let round = 0; round < 3; round += 1) {
        const from = performance.now();
        const { code, body } = await sendRefresh([200, "unauthenticated"]);
        // The grace period for a lost response is ten seconds: on a slower machine the retry ends the session.
        if (code === "unauthenticated" && performance.now() - from > 9_000) return;
        test.equal(code, null, "a refresh whose response was lost can be repeated");
        [token, refresh] = [String(body.access), String(body.refresh)];
      }
      await checkChains(test, person);
      // Unauthenticated: already ended by the attempt whose response was lost.
      const ended = [200, 204, "unauthenticated"];
      await test.client.call({ path: "/api/auth/logout", credential: token, body: { refresh } }, ended);
      await sendRefresh(["unauthenticated"]);
    },
  }),
  workload({
    name: "a sign-in with Google, first while Google is unreachable",
    reaches:
      /^(api-access\/sessions\/(begin-google-sign-in|finish-google-sign-in)|identity\/users\/sign-in-with-google|api\/auth\/google)/,
    setUp: (test) => `google-${test.random.hex(6)}@example.test`,
    send: async (test, email) => {
      let status = 0;
      // A state is good for one attempt: after a lost response the sign-in starts again.
      for (let tries = 0; tries < 3 && status !== 200; tries += 1)
        status = await signInWithGoogle(test, email);
      test.equal(status, 200, "a sign-in at the third try at the latest");
      const rows = await test.sql`select w.id from users u join identities i on i.user_id = u.id
        join wallets w on w.user_id = u.id where u.email = ${email}`;
      test.equal(rows.length, 1, "people with one wallet and one identity who signed in");
    },
  }),
  workload({
    name: "sign-up, sign-in by password, and the end of sessions",
    reaches: /^identity\/(users\/(sign-in-limits|update-profile|sign-up)|sessions\/)/,
    setUp: (test) => test.random.hex(6),
    send: async (test, address) => {
      const { email, password } = await signUpPerson(test, address);
      const { userId } = await test.run(
        authenticate,
        ANONYMOUS,
        { identifier: email, password },
        { networks: [address], device: null },
      );
      const one = await test.run(startSession, ANONYMOUS, userId, "Crash test");
      const other = await test.run(startSession, ANONYMOUS, userId, "Crash test");
      const actor = { kind: "user", userId, sessionId: one } as const;
      await test.sql`update sessions set last_seen_at = now() - interval '1 hour' where id = ${one}`;
      await test.run(findPageSession, actor, one);
      await test.run(updateProfile, actor, { firstName: "Awa Marie" });
      await test.run(revokeOtherSessions, actor);
      test.equal(await test.run(findPageSession, actor, other), null, "a revoked session");
      await test.runOnce(["not_found"], revokeSession, actor, one);
      const rows = await test.sql`select 1 from users u join wallets w on w.user_id = u.id
        where u.email = ${email} and u.first_name = 'Awa Marie'`;
      test.equal(rows.length, 1, "people with one wallet who signed up");
    },
  }),
  workload({
    name: "too many wrong passwords for one account",
    reaches: /^identity\/users\/sign-in-limits\.giveBack/,
    setUp: async (test) => {
      const address = test.random.hex(6);
      const typed = { identifier: `nobody-${address}@example.test`, password: "not the password" };
      const tryFrom = async (network: number): Promise<unknown> => {
        const origin = { networks: [`${address}-${network}`], device: null };
        return await test.run(authenticate, ANONYMOUS, typed, origin).catch((error: unknown) => error);
      };
      for (let tries = 0; tries < ACCOUNT_TRIES; tries += 1) await tryFrom(tries);
      return tryFrom;
    },
    send: async (test, tryFrom) => {
      const refused = await tryFrom(ACCOUNT_TRIES);
      test.equal(refused instanceof RefusedError && refused.code, "rate_limited", "the eleventh try");
    },
  }),
];
