import { insertExpiredKey } from "@/lib/services/api-access/keys/key-fixtures";
import type { Play, Player, Scenario } from "../play";
import { ifRefused } from "./refused";

const SYSTEM = { kind: "system" } as const;

/** A session of an API client: its access token and its first refresh token. */
async function session(play: Play, player: Player): Promise<{ token: string; refresh: string }> {
  const token = await play.stage.verb("localToken", SYSTEM, player.email);
  const { refresh } = await play.stage.verb("startLocalSession", SYSTEM, player.email);
  return { token, refresh };
}

async function keysOf(
  play: Play,
  player: Player,
): Promise<{ id: string; revoked: boolean; live: boolean }[]> {
  return await play.stage.deployment.owner<{ id: string; revoked: boolean; live: boolean }[]>`
    select id, revoked_at is not null as revoked, revoked_at is null and expires_at > now() as live
    from api_keys where user_id = ${player.userId.toString()} order by id`;
}

const NEW_KEY = { name: "Shop", permissions: ["read"], expiry: "1H" };

export const ACCESS: readonly Scenario[] = [
  {
    name: "API keys are made, used, rolled over and revoked",
    reaches: /^(api-access\/keys\/|api\/keys\/)/,
    async run(play) {
      const player = await play.person({ XOF: 1_000n });
      const { token } = await session(play, player);
      await play.begin();
      const made = await play.stage.call("/api/keys/create", { token, body: NEW_KEY });
      play.check(made.status === 200, `a key is made, not ${made.code}`);
      const used = await play.stage.call("/api/wallet/balance", {
        token: String(made.body.api_key),
        method: "GET",
      });
      play.check(used.status === 200, `the key that was answered works, not ${used.code}`);
      await play.stage.verb("stopApi", SYSTEM);
      const { owner } = play.stage.deployment;
      // Made by an answer that was lost, perhaps: whoever asked again has one more, which the page shows.
      play.check((await keysOf(play, player)).length <= 4, "a call that died made one key at most");
      const { keyId } = await insertExpiredKey(owner, player.userId);
      const id = keyId.toString();
      const rolled = await play.stage.call("/api/keys/rollover", {
        token,
        body: { expired_key_id: Number(id), expiry: "1D" },
      });
      const isOnce = rolled.status === 200 || rolled.code === "key_replaced";
      play.check(isOnce, `an expired key is rolled over once, not ${rolled.code}`);
      const next = await owner<{ id: string }[]>`select id from api_keys where replaces_key_id = ${id}`;
      play.check(next.length === 1, `an expired key has one successor, not ${next.length}`);
      const body = { key_id: Number(next[0]?.id ?? 0) };
      const revoked = await play.stage.call("/api/keys/revoke", { token, body });
      play.check(revoked.status === 200, `a key is revoked, not ${revoked.code}`);
      const [own] = await keysOf(play, player);
      await play.stage.verb("revokeAnyApiKey", SYSTEM, { keyId: BigInt(own?.id ?? 0) });
      const balance = await play.stage.call("/api/wallet/balance", { token: player.apiKey, method: "GET" });
      play.check(balance.status === 401, `a revoked key is refused, not ${balance.status}`);
    },
  },
  {
    name: "a session is refreshed over and over, and logged out",
    reaches:
      /^(api-access\/sessions\/(start-api-session|refresh-api-session|end-api-session)|api\/auth\/(refresh|logout))/,
    async run(play) {
      const player = await play.person();
      await play.begin();
      let { token, refresh } = await session(play, player);
      for (let round = 0; round < 3; round += 1) {
        const from = performance.now();
        const reply = await play.stage.call("/api/auth/refresh", { token: "", body: { refresh } });
        // Whoever lost an answer has ten seconds to ask again; a machine that took longer to come back ended the session.
        if (reply.code === "unauthenticated" && performance.now() - from > 9_000) return;
        play.check(
          reply.status === 200,
          `a refresh whose answer was lost is answered again, not ${reply.code}`,
        );
        token = String(reply.body.access);
        refresh = String(reply.body.refresh);
      }
      await checkChain(play, player);
      const out = await play.stage.call("/api/auth/logout", { token, body: { refresh } });
      // Ended by the call whose answer was lost.
      const isOut = out.status < 300 || out.code === "unauthenticated";
      play.check(isOut, `a session is logged out, not ${out.status} ${out.code}`);
      const after = await play.stage.call("/api/auth/refresh", { token: "", body: { refresh } });
      play.check(
        after.code === "unauthenticated",
        `a logged out session isn't refreshed, not ${after.status}`,
      );
    },
  },
  {
    name: "somebody signs in with Google, once while it can't be asked",
    reaches:
      /^(api-access\/sessions\/(begin-google-sign-in|finish-google-sign-in)|identity\/users\/sign-in-with-google|api\/auth\/google)/,
    async run(play) {
      await play.begin();
      const email = `google-${play.random.hex(6)}@example.test`;
      let status = 0;
      // A state counts once: who lost the answer begins again, as the page says.
      for (let tries = 0; tries < 3 && status !== 200; tries += 1) status = await signIn(play, email);
      play.check(status === 200, `a sign-in works at the third try at the latest, not ${status}`);
      const rows = await play.stage.deployment
        .owner`select w.id from users u join identities i on i.user_id = u.id
        join wallets w on w.user_id = u.id where u.email = ${email}`;
      play.check(
        rows.length === 1,
        `one person with one wallet and one identity signed in, not ${rows.length}`,
      );
    },
  },
  {
    name: "somebody signs up, signs in by password, and ends sessions",
    reaches: /^identity\/(users\/(authenticate\.(consume|giveBack\.[12])|update-profile|sign-up)|sessions\/)/,
    async run(play) {
      const email = `user-${play.random.hex(6)}@example.test`;
      const password = `proof-${play.random.hex(8)}`;
      const address = play.random.hex(6);
      await play.begin();
      const profile = {
        email,
        password,
        firstName: "Awa",
        lastName: "Traoré",
        phone: null,
        locale: "fr",
      } as const;
      await play.stage
        .verb("signUp", { kind: "anonymous" }, profile, address)
        .catch(ifRefused("email_taken", null));
      const { userId } = await play.stage.verb(
        "authenticate",
        { kind: "anonymous" },
        { email, password },
        address,
      );
      const one = await play.stage.verb("startSession", { kind: "anonymous" }, userId, "Proof");
      const other = await play.stage.verb("startSession", { kind: "anonymous" }, userId, "Proof");
      const actor = { kind: "user", userId, sessionId: one } as const;
      await play.stage.deployment
        .owner`update sessions set last_seen_at = now() - interval '1 hour' where id = ${one}`;
      await play.stage.verb("findSession", actor, one);
      await play.stage.verb("updateProfile", actor, { firstName: "Awa Marie" });
      await play.stage.verb("revokeOtherSessions", actor);
      const gone = await play.stage.verb("findSession", actor, other);
      play.check(gone === null, "another session that was ended is over");
      await play.stage.verb("revokeSession", actor, one).catch(ifRefused("not_found", null));
      const rows = await play.stage.deployment.owner`select 1 from users u join wallets w on w.user_id = u.id
        where u.email = ${email} and u.first_name = 'Awa Marie'`;
      play.check(rows.length === 1, `one person with one wallet signed up, not ${rows.length}`);
    },
  },
  {
    name: "an address from which too many passwords were wrong",
    reaches: /^identity\/users\/authenticate\.giveBack\.3/,
    async run(play) {
      const address = play.random.hex(6);
      const wrong = (tries: number) => ({
        email: `nobody-${tries}-${address}@example.test`,
        password: "not the password",
      });
      for (let tries = 0; tries < 20; tries += 1) {
        await play.stage.verb("authenticate", { kind: "anonymous" }, wrong(tries), address).catch(() => {});
      }
      await play.begin();
      const refused = await play.stage.verb("authenticate", { kind: "anonymous" }, wrong(20), address).then(
        () => "let in",
        (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
      );
      play.check(refused === "rate_limited", `the twenty-first try is refused, not ${String(refused)}`);
    },
  },
];

/** No token has two successors, and one of a family is unused: a chain, not a tree. */
async function checkChain(play: Play, player: Player): Promise<void> {
  const rows = await play.stage.deployment.owner<{ unused: number; revoked: boolean }[]>`
    select count(*) filter (where t.used_at is null)::int as unused, s.revoked_at is not null as revoked
    from api_sessions s join refresh_tokens t on t.session_id = s.id
    where s.user_id = ${player.userId.toString()} group by s.id`;
  const isChain = rows.length > 0 && rows.every(({ unused, revoked }) => unused === 1 && !revoked);
  play.check(isChain, `each session has one unused refresh token and lives, not ${JSON.stringify(rows)}`);
}

/** One whole sign-in, as a browser goes through it; answers the callback's status. */
async function signIn(play: Play, email: string): Promise<number> {
  const begun = await play.stage.call("/api/auth/google", { token: "", method: "GET" });
  const address = String(begun.body.authorization_url);
  const state = new URL(address).searchParams.get("state") ?? "";
  await play.stage.verb("finishGoogleWhileAway", { kind: "anonymous" }, state).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "provider_unavailable" && code !== "sign_in_failed") throw error;
  });
  const allowed = await fetch(address, {
    method: "POST",
    body: new URLSearchParams({
      action: "allow",
      email,
      first_name: "Awa",
      last_name: "T",
      email_verified: "on",
    }),
    redirect: "manual",
  });
  const back = new URL(allowed.headers.get("location") ?? "http://nowhere.invalid");
  const reply = await play.stage.call(`/api/auth/google/callback${back.search}`, {
    token: "",
    method: "GET",
  });
  return reply.status;
}
