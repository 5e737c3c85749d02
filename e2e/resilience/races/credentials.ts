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
import { system } from "./books";
import type { RaceDatabase } from "./race-database";
import { callers, done, exactly, type Finding, holds, type Race, type Result } from "./round";

const HOUR_MS = 3_600_000;

async function countLiveKeys({ owner }: RaceDatabase, userId: bigint): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int from api_keys
    where user_id = ${userId.toString()} and revoked_at is null and expires_at > clock_timestamp()`;
  return row?.count ?? 0;
}

/** Five keys of one person work at once, and never a sixth. */
export const lastPlacesForKeys: Race = async (deployment, random) => {
  const user = await createUser(deployment.db);
  const known = random.int(0, ACTIVE_KEYS_MAX - 1);
  for (let key = 0; key < known; key += 1) {
    await insertExpiredKey(deployment.owner, user.userId, { agoMs: -HOUR_MS });
  }
  return {
    calls: callers((caller) => () => {
      const name = `key ${caller}`;
      return createApiKey(
        { ...user.context, db: deployment.db },
        { name, permissions: ["read"], expiry: "1D" },
      );
    }),
    refusals: ["key_limit_reached"],
    judge: async (results) => [
      ...exactly("keys made", ACTIVE_KEYS_MAX - known, done(results).length),
      ...exactly("keys that work", ACTIVE_KEYS_MAX, await countLiveKeys(deployment, user.userId)),
    ],
  };
};

/** An expired key has one successor. */
export const successorOfKey: Race = async (deployment, random) => {
  const user = await createUser(deployment.db);
  const { keyId } = await insertExpiredKey(deployment.owner, user.userId);
  const known = random.int(0, ACTIVE_KEYS_MAX - 1);
  for (let key = 0; key < known; key += 1) {
    await insertExpiredKey(deployment.owner, user.userId, { agoMs: -HOUR_MS });
  }
  return {
    calls: callers(() => () => rolloverApiKey(user.context, { expiredKeyId: keyId, expiry: "1M" })),
    refusals: ["key_replaced"],
    judge: async (results) => [
      ...exactly("successors of one key", 1, done(results).length),
      ...exactly("keys that work", known + 1, await countLiveKeys(deployment, user.userId)),
    ],
  };
};

/** A refresh token has one successor; the one just used may ask for it again, an older one ends the family. */
export const successorOfRefreshToken: Race = async (deployment, random) => {
  const user = await createUser(deployment.db);
  const context = system(deployment);
  const tokens = [(await startApiSession(context, user.userId)).refresh];
  const { sessionId } = await startedBy(deployment, user.userId);
  const uses = random.int(0, 3);
  for (let use = 0; use < uses; use += 1) {
    tokens.push((await refreshApiSession(context, tokens.at(-1) ?? "")).refresh);
  }
  const drawn = random.pick(["current", "current and parent", "grandparent"] as const);
  // What one token may become is the resource; without locks only the first is a race for it.
  const kind = deployment.hasLocks && uses >= 2 ? drawn : "current";
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
    judge: async (results) => {
      const family = await familyOf(deployment, sessionId);
      const known = tokens.length;
      return [
        ...(kind === "grandparent"
          ? [
              ...exactly("tokens for an old one", 0, done(results).length),
              ...holds(family.isOver, "the family ended"),
            ]
          : exactly("successors of one token", 1, family.tokens - known)),
        ...answersOf(kind, results),
      ];
    },
  };
};

function answersOf(kind: string, results: readonly Result[]): Finding[] {
  const answers = new Set(done(results).map(({ value }) => (value as ApiSessionTokens).refresh));
  return kind === "current" ? exactly("different answers to one token", 1, answers.size) : [];
}

async function startedBy({ owner }: RaceDatabase, userId: bigint): Promise<{ sessionId: string }> {
  const [row] = await owner<
    { id: string }[]
  >`select id from api_sessions where user_id = ${userId.toString()}`;
  return { sessionId: row?.id ?? "" };
}

async function familyOf(
  { owner }: RaceDatabase,
  sessionId: string,
): Promise<{ tokens: number; isOver: boolean }> {
  const [row] = await owner<{ tokens: number; isOver: boolean }[]>`
    select count(*)::int as tokens, bool_or(s.revoked_for = 'reuse') is true as "isOver"
    from refresh_tokens t join api_sessions s on s.id = t.session_id where s.id = ${sessionId}`;
  return row ?? { tokens: 0, isOver: false };
}

/** One address is one person with one wallet, whether they come by password or through Google. */
export const accountOfAddress: Race = async (deployment, random) => {
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
  const context = system(deployment);
  const typed = {
    email,
    firstName: "Awa",
    lastName: "Traoré",
    phone: null,
    locale: "fr",
    password: "le marché",
  } as const;
  return {
    calls: callers(
      (caller) => () =>
        caller < passwords ? signUp(context, typed, newKey()) : signInWithGoogle(context, profile),
    ),
    refusals: ["email_taken"],
    judge: async () => {
      const [row] = await deployment.owner<{ users: number; wallets: number; links: number }[]>`
        select count(distinct u.id)::int as users, count(distinct w.id)::int as wallets,
          (select count(*)::int from identities i where i.subject = ${profile.subject}) as links
        from users u left join wallets w on w.user_id = u.id where u.email = ${email}`;
      return [
        ...exactly("people with one address", 1, row?.users),
        ...exactly("their wallets", 1, row?.wallets),
        ...exactly("links to one Google account", 1, row?.links),
      ];
    },
  };
};
