import { insertExpiredKey } from "@/e2e/support/credentials";
import { agreeAtGoogle } from "@/e2e/support/google-sign-in";
import { ifRefused } from "../child-process";
import { ANONYMOUS, type CrashTest, type Person, SYSTEM, type Workload } from "../crash-test";
import { signUp } from "./requests";

/** Access token and first refresh token of a new API session. */
async function session(test: CrashTest, person: Person): Promise<{ token: string; refresh: string }> {
  const token = await test.harness.verb("localToken", SYSTEM, person.email);
  const { refresh } = await test.harness.verb("startLocalSession", SYSTEM, person.email);
  return { token, refresh };
}

async function keysOf(
  test: CrashTest,
  person: Person,
): Promise<{ id: string; revoked: boolean; live: boolean }[]> {
  return await test.harness.deployment.owner<{ id: string; revoked: boolean; live: boolean }[]>`
    select id, revoked_at is not null as revoked, revoked_at is null and expires_at > now() as live
    from api_keys where user_id = ${person.userId.toString()} order by id`;
}

const NEW_KEY = { name: "Shop", permissions: ["read"], expiry: "1H" };

export const ACCESS: readonly Workload[] = [
  {
    name: "API keys are made, used, rolled over and revoked",
    reaches: /^(api-access\/keys\/|api\/keys\/)/,
    async run(test) {
      const person = await test.createPerson({ XOF: 1_000n });
      const { token } = await session(test, person);
      await test.arm();
      const made = await test.harness.call("/api/keys/create", { token, body: NEW_KEY });
      test.check(made.status === 200, `a key is made, not ${made.code}`);
      const used = await test.harness.call("/api/wallet/balance", {
        token: String(made.body.api_key),
        method: "GET",
      });
      test.check(used.status === 200, `the new key works, not ${used.code}`);
      await test.harness.verb("stopApi", SYSTEM);
      const { owner } = test.harness.deployment;
      // Each attempt whose response was lost may have made a key.
      test.check((await keysOf(test, person)).length <= 4, "a crashed call made one key at most");
      const { keyId } = await insertExpiredKey(owner, person.userId);
      const id = keyId.toString();
      const rolled = await test.harness.call("/api/keys/rollover", {
        token,
        body: { expired_key_id: Number(id), expiry: "1D" },
      });
      const isOnce = rolled.status === 200 || rolled.code === "key_replaced";
      test.check(isOnce, `an expired key is rolled over once, not ${rolled.code}`);
      const next = await owner<{ id: string }[]>`select id from api_keys where replaces_key_id = ${id}`;
      test.check(next.length === 1, `an expired key has one successor, not ${next.length}`);
      const body = { key_id: Number(next[0]?.id ?? 0) };
      const revoked = await test.harness.call("/api/keys/revoke", { token, body });
      test.check(revoked.status === 200, `a key is revoked, not ${revoked.code}`);
      const [own] = await keysOf(test, person);
      await test.harness.verb("revokeAnyApiKey", SYSTEM, { keyId: BigInt(own?.id ?? 0) });
      const balance = await test.harness.call("/api/wallet/balance", { token: person.apiKey, method: "GET" });
      test.check(balance.status === 401, `a revoked key is refused, not ${balance.status}`);
    },
  },
  {
    name: "a session is refreshed several times, and logged out",
    reaches:
      /^(api-access\/sessions\/(start-api-session|refresh-api-session|end-api-session)|api\/auth\/(refresh|logout))/,
    async run(test) {
      const person = await test.createPerson();
      await test.arm();
      let { token, refresh } = await session(test, person);
      for (let round = 0; round < 3; round += 1) {
        const from = performance.now();
        const response = await test.harness.call("/api/auth/refresh", { token: "", body: { refresh } });
        // The grace period for a lost response is ten seconds: on a slower machine the retry ends the session.
        if (response.code === "unauthenticated" && performance.now() - from > 9_000) return;
        test.check(
          response.status === 200,
          `a refresh whose response was lost can be repeated, not ${response.code}`,
        );
        token = String(response.body.access);
        refresh = String(response.body.refresh);
      }
      await checkChain(test, person);
      const out = await test.harness.call("/api/auth/logout", { token, body: { refresh } });
      // Already ended by the attempt whose response was lost.
      const isOut = out.status < 300 || out.code === "unauthenticated";
      test.check(isOut, `a session is logged out, not ${out.status} ${out.code}`);
      const after = await test.harness.call("/api/auth/refresh", { token: "", body: { refresh } });
      test.check(
        after.code === "unauthenticated",
        `a refresh of a logged out session is refused, not ${after.status}`,
      );
    },
  },
  {
    name: "a sign-in with Google, first while Google is unreachable",
    reaches:
      /^(api-access\/sessions\/(begin-google-sign-in|finish-google-sign-in)|identity\/users\/sign-in-with-google|api\/auth\/google)/,
    async run(test) {
      await test.arm();
      const email = `google-${test.random.hex(6)}@example.test`;
      let status = 0;
      // A state is good for one attempt: after a lost response the sign-in starts again.
      for (let tries = 0; tries < 3 && status !== 200; tries += 1) status = await signIn(test, email);
      test.check(status === 200, `a sign-in works at the third try at the latest, not ${status}`);
      const rows = await test.harness.deployment
        .owner`select w.id from users u join identities i on i.user_id = u.id
        join wallets w on w.user_id = u.id where u.email = ${email}`;
      test.check(
        rows.length === 1,
        `one person with one wallet and one identity signed in, not ${rows.length}`,
      );
    },
  },
  {
    name: "sign-up, sign-in by password, and the end of sessions",
    reaches: /^identity\/(users\/(sign-in-limits|update-profile|sign-up)|sessions\/)/,
    async run(test) {
      const address = test.random.hex(6);
      await test.arm();
      const { email, password } = await signUp(test, address);
      const origin = { networks: [address], device: null };
      const { userId } = await test.harness.verb("authenticate", ANONYMOUS, { email, password }, origin);
      const one = await test.harness.verb("startSession", ANONYMOUS, userId, "Crash test");
      const other = await test.harness.verb("startSession", ANONYMOUS, userId, "Crash test");
      const actor = { kind: "user", userId, sessionId: one } as const;
      await test.harness.deployment
        .owner`update sessions set last_seen_at = now() - interval '1 hour' where id = ${one}`;
      await test.harness.verb("findSession", actor, one);
      await test.harness.verb("updateProfile", actor, { firstName: "Awa Marie" });
      await test.harness.verb("revokeOtherSessions", actor);
      const revoked = await test.harness.verb("findSession", actor, other);
      test.check(revoked === null, "a revoked session is no longer found");
      await test.harness.verb("revokeSession", actor, one).catch(ifRefused("not_found", null));
      const rows = await test.harness.deployment
        .owner`select 1 from users u join wallets w on w.user_id = u.id
        where u.email = ${email} and u.first_name = 'Awa Marie'`;
      test.check(rows.length === 1, `one person with one wallet signed up, not ${rows.length}`);
    },
  },
  {
    name: "too many wrong passwords for one account",
    reaches: /^identity\/users\/sign-in-limits\.giveBack/,
    async run(test) {
      const address = test.random.hex(6);
      const typed = { email: `nobody-${address}@example.test`, password: "not the password" };
      const tryFrom = (network: number) =>
        test.harness.verb("authenticate", ANONYMOUS, typed, {
          networks: [`${address}-${network}`],
          device: null,
        });
      for (let tries = 0; tries < 10; tries += 1) await tryFrom(tries).catch(() => {});
      await test.arm();
      const refused = await tryFrom(10).then(
        () => "let in",
        (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
      );
      test.check(refused === "rate_limited", `the eleventh try is refused, not ${String(refused)}`);
    },
  },
];

/** Each session has exactly one unused refresh token: the tokens form a chain, not a tree. */
async function checkChain(test: CrashTest, person: Person): Promise<void> {
  const rows = await test.harness.deployment.owner<{ unused: number; revoked: boolean }[]>`
    select count(*) filter (where t.used_at is null)::int as unused, s.revoked_at is not null as revoked
    from api_sessions s join refresh_tokens t on t.session_id = s.id
    where s.user_id = ${person.userId.toString()} group by s.id`;
  const isChain = rows.length > 0 && rows.every(({ unused, revoked }) => unused === 1 && !revoked);
  test.check(isChain, `each session has one unused refresh token and lives, not ${JSON.stringify(rows)}`);
}

/** A whole sign-in as in a browser. Returns the callback's status. */
async function signIn(test: CrashTest, email: string): Promise<number> {
  const begun = await test.harness.call("/api/auth/google", { token: "", method: "GET" });
  const address = String(begun.body.authorization_url);
  const state = new URL(address).searchParams.get("state") ?? "";
  await test.harness.verb("finishGoogleWhileUnreachable", ANONYMOUS, state).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "provider_unavailable" && code !== "sign_in_failed") throw error;
  });
  const callback = await agreeAtGoogle(address, { email, firstName: "Awa", lastName: "T" });
  const response = await test.harness.call(`/api/auth/google/callback${callback.search}`, {
    token: "",
    method: "GET",
  });
  return response.status;
}
