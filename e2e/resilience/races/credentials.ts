// Identity: API keys are limited and replaced once, a refresh token has one successor, and an e-mail address is one user.
import { insertApiKeys, insertExpiredKey } from "@/e2e/support/credentials";
import { newKey } from "@/lib/ids";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { ACTIVE_KEYS_MAX } from "@/lib/services/api-access/keys/policy";
import { rolloverApiKey } from "@/lib/services/api-access/keys/rollover-api-key";
import { refreshApiSession } from "@/lib/services/api-access/sessions/refresh-api-session";
import { type ApiSessionTokens, startApiSession } from "@/lib/services/api-access/sessions/start-api-session";
import { signInWithGoogle } from "@/lib/services/identity/users/sign-in-with-google";
import { signUp } from "@/lib/services/identity/users/sign-up";
import { done, type Race, type Resource } from "./race";
import type { RaceSetup } from "./race-setup";

/** A user with fewer active API keys than the limit. */
async function keyOwner(setup: RaceSetup) {
  const user = await setup.user();
  const known = setup.random.int(0, ACTIVE_KEYS_MAX - 1);
  await insertApiKeys(
    setup.owner,
    Array.from({ length: known }, () => user.userId),
  );
  const activeKeys = () => setup.count`select count(*)::int from api_keys
    where user_id = ${user.userId.toString()} and revoked_at is null and expires_at > clock_timestamp()`;
  return { user, known, activeKeys };
}

const keys: Race = async (setup) => {
  const { user, known, activeKeys } = await keyOwner(setup);
  return {
    call: (caller) => {
      const form = { name: `key ${caller}`, permissions: ["read"], expiry: "1D" } as const;
      return createApiKey({ ...user.context, db: setup.database.db }, { ...form, permissions: ["read"] });
    },
    refusals: ["key_limit_reached"],
    winners: ACTIVE_KEYS_MAX - known,
    figures: async () => ({ "active keys": [ACTIVE_KEYS_MAX, await activeKeys()] }),
  };
};

const rollovers: Race = async (setup) => {
  const { user, known, activeKeys } = await keyOwner(setup);
  const { keyId } = await insertExpiredKey(setup.owner, user.userId);
  return {
    call: () => rolloverApiKey(user.context, { expiredKeyId: keyId, expiry: "1M" }),
    refusals: ["key_replaced"],
    winners: 1,
    figures: async () => ({ "active keys": [known + 1, await activeKeys()] }),
  };
};

/** The token used just before gets the same successor; reuse of an older one revokes the session. */
const refreshes: Race = async (setup) => {
  const { database, random, system } = setup;
  const user = await setup.user();
  const tokens = [(await startApiSession(system, user.userId)).refresh];
  const uses = random.int(0, 3);
  const newest = () => tokens.at(-1) ?? "";
  for (let use = 0; use < uses; use += 1) tokens.push((await refreshApiSession(system, newest())).refresh);
  const drawn = random.pick(["current", "parent", "grandparent"] as const);
  // The resource is the one successor of a token: the control races only for that of the current one.
  const used = database.hasLocks && uses >= 2 ? drawn : "current";
  const token = { current: newest(), parent: tokens.at(-2), grandparent: tokens.at(-3) }[used] ?? "";
  const isReused = used === "grandparent";
  return {
    call: (caller) => refreshApiSession(system, isReused || caller % 2 === 0 ? token : newest()),
    refusals: used === "current" ? [] : ["unauthenticated"],
    figures: async (results) => {
      const own = user.userId.toString();
      const count = await setup.count`select count(*)::int from refresh_tokens t
        join api_sessions s on s.id = t.session_id where s.user_id = ${own}`;
      const revoked = await setup.count`
        select count(*)::int from api_sessions where user_id = ${own} and revoked_for = 'reuse'`;
      const answers = new Set(done(results).map(({ value }) => (value as ApiSessionTokens).refresh));
      if (isReused) return { "tokens for a reused one": [0, answers.size], "revoked sessions": [1, revoked] };
      return {
        "successors of one token": [1, count - tokens.length],
        ...(used === "current" ? { "different successors returned for one token": [1, answers.size] } : {}),
      };
    },
  };
};

/** Signed up by password or through Google. */
const signUps: Race = async (setup) => {
  const { system } = setup;
  const email = `race-${newKey()}@example.test`;
  const subject = newKey();
  const person = { email, locale: "fr" } as const;
  const profile = {
    ...person,
    subject,
    emailVerified: true,
    givenName: "Awa",
    familyName: "Traoré",
    pictureUrl: null,
  };
  const typed = {
    ...person,
    firstName: "Awa",
    lastName: "Traoré",
    phone: "",
    phoneCountry: "BF" as const,
    password: newKey(),
  };
  const passwords = setup.random.int(1, 2);
  return {
    call: (caller) =>
      caller < passwords ? signUp(system, typed, [newKey()]) : signInWithGoogle(system, profile),
    refusals: ["email_taken"],
    figures: async () => ({
      "users with one e-mail address": [
        1,
        await setup.count`select count(*)::int from users where email = ${email}`,
      ],
      "their wallets": [
        1,
        await setup.count`select count(*)::int from wallets w join users u on u.id = w.user_id where u.email = ${email}`,
      ],
      "links to one Google account": [
        1,
        await setup.count`select count(*)::int from identities where subject = ${subject}`,
      ],
    }),
  };
};

export const CREDENTIAL_RACES: readonly Resource[] = [
  { name: "limit of API keys", lock: "the user's row lock", race: keys },
  { name: "rollovers of one API key", lock: "the user's row lock, one replaces_key_id", race: rollovers },
  {
    name: "refreshes with one token",
    lock: "the session's row lock, the token's primary key",
    race: refreshes,
  },
  {
    name: "sign-ups with one e-mail address",
    lock: "one e-mail address, one identity, the user's row lock",
    race: signUps,
  },
];
