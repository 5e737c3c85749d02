import { insertExpiredKey } from "@/e2e/support/credentials";
import { createUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { ACTIVE_KEYS_MAX } from "@/lib/services/api-access/keys/policy";
import { rolloverApiKey } from "@/lib/services/api-access/keys/rollover-api-key";
import { refreshApiSession } from "@/lib/services/api-access/sessions/refresh-api-session";
import { type ApiSessionTokens, startApiSession } from "@/lib/services/api-access/sessions/start-api-session";
import { signInWithGoogle } from "@/lib/services/identity/users/sign-in-with-google";
import { signUp } from "@/lib/services/identity/users/sign-up";
import type { RaceDatabase } from "./race-database";
import { system } from "./race-database";
import { callers, done, exactly, type Finding, holds, type Race, type Result } from "./round";

const HOUR_MS = 3_600_000;

async function countLiveKeys({ owner }: RaceDatabase, userId: bigint): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int from api_keys
    where user_id = ${userId.toString()} and revoked_at is null and expires_at > clock_timestamp()`;
  return row?.count ?? 0;
}

/** A user has at most five active API keys. */
export const keyLimit: Race = async (database, random) => {
  const user = await createUser(database.db);
  const known = random.int(0, ACTIVE_KEYS_MAX - 1);
  for (let key = 0; key < known; key += 1) {
    await insertExpiredKey(database.owner, user.userId, { agoMs: -HOUR_MS });
  }
  return {
    calls: callers((caller) => () => {
      const name = `key ${caller}`;
      return createApiKey(
        { ...user.context, db: database.db },
        { name, permissions: ["read"], expiry: "1D" },
      );
    }),
    refusals: ["key_limit_reached"],
    check: async (results) => [
      ...exactly("keys created", ACTIVE_KEYS_MAX - known, done(results).length),
      ...exactly("active keys", ACTIVE_KEYS_MAX, await countLiveKeys(database, user.userId)),
    ],
  };
};

/** An expired key has one successor. */
export const keyRollovers: Race = async (database, random) => {
  const user = await createUser(database.db);
  const { keyId } = await insertExpiredKey(database.owner, user.userId);
  const known = random.int(0, ACTIVE_KEYS_MAX - 1);
  for (let key = 0; key < known; key += 1) {
    await insertExpiredKey(database.owner, user.userId, { agoMs: -HOUR_MS });
  }
  return {
    calls: callers(() => () => rolloverApiKey(user.context, { expiredKeyId: keyId, expiry: "1M" })),
    refusals: ["key_replaced"],
    check: async (results) => [
      ...exactly("successors of one key", 1, done(results).length),
      ...exactly("active keys", known + 1, await countLiveKeys(database, user.userId)),
    ],
  };
};

/** A refresh token has one successor. The token used just before gets the same one; reuse of an older token revokes the session. */
export const tokenRefreshes: Race = async (database, random) => {
  const user = await createUser(database.db);
  const context = system(database);
  const tokens = [(await startApiSession(context, user.userId)).refresh];
  const { sessionId } = await sessionOf(database, user.userId);
  const uses = random.int(0, 3);
  for (let use = 0; use < uses; use += 1) {
    tokens.push((await refreshApiSession(context, tokens.at(-1) ?? "")).refresh);
  }
  const drawn = random.pick(["current", "current and parent", "grandparent"] as const);
  // The resource is the one successor of a token: the control races only for that of the current one.
  const kind = database.hasLocks && uses >= 2 ? drawn : "current";
  const current = tokens.at(-1) ?? "";
  const token = { current, "current and parent": tokens.at(-2) ?? "", grandparent: tokens.at(-3) ?? "" }[
    kind
  ];
  return {
    calls: random.shuffle(
      callers(
        (caller) => () =>
          refreshApiSession(context, caller % 2 === 0 ? token : kind === "grandparent" ? token : current),
      ),
    ),
    refusals: kind === "current" ? [] : ["unauthenticated"],
    check: async (results) => {
      const family = await familyOf(database, sessionId);
      const known = tokens.length;
      return [
        ...(kind === "grandparent"
          ? [
              ...exactly("tokens for a reused one", 0, done(results).length),
              ...holds(family.isRevoked, "the session is revoked"),
            ]
          : exactly("successors of one token", 1, family.tokens - known)),
        ...answersOf(kind, results),
      ];
    },
  };
};

function answersOf(kind: string, results: readonly Result[]): Finding[] {
  const answers = new Set(done(results).map(({ value }) => (value as ApiSessionTokens).refresh));
  return kind === "current" ? exactly("different successors returned for one token", 1, answers.size) : [];
}

async function sessionOf({ owner }: RaceDatabase, userId: bigint): Promise<{ sessionId: string }> {
  const [row] = await owner<
    { id: string }[]
  >`select id from api_sessions where user_id = ${userId.toString()}`;
  return { sessionId: row?.id ?? "" };
}

async function familyOf(
  { owner }: RaceDatabase,
  sessionId: string,
): Promise<{ tokens: number; isRevoked: boolean }> {
  const [row] = await owner<{ tokens: number; isRevoked: boolean }[]>`
    select count(*)::int as tokens, bool_or(s.revoked_for = 'reuse') is true as "isRevoked"
    from refresh_tokens t join api_sessions s on s.id = t.session_id where s.id = ${sessionId}`;
  return row ?? { tokens: 0, isRevoked: false };
}

/** One e-mail address is one user with one wallet, whether signed up by password or through Google. */
export const signUpsWithOneAddress: Race = async (database, random) => {
  const email = `race-${newKey()}@example.test`;
  const profile = {
    subject: newKey(),
    email,
    emailVerified: true,
    givenName: "Awa",
    familyName: "Traoré",
    pictureUrl: null,
    locale: "fr",
  } as const;
  const passwords = random.int(1, 2);
  const context = system(database);
  const typed = {
    email,
    firstName: "Awa",
    lastName: "Traoré",
    phone: "",
    phoneCountry: "BF",
    locale: "fr",
    password: "le marché",
  } as const;
  return {
    calls: callers(
      (caller) => () =>
        caller < passwords ? signUp(context, typed, newKey()) : signInWithGoogle(context, profile),
    ),
    refusals: ["email_taken"],
    check: async () => {
      const [row] = await database.owner<{ users: number; wallets: number; links: number }[]>`
        select count(distinct u.id)::int as users, count(distinct w.id)::int as wallets,
          (select count(*)::int from identities i where i.subject = ${profile.subject}) as links
        from users u left join wallets w on w.user_id = u.id where u.email = ${email}`;
      return [
        ...exactly("users with one e-mail address", 1, row?.users),
        ...exactly("their wallets", 1, row?.wallets),
        ...exactly("links to one Google account", 1, row?.links),
      ];
    },
  };
};
