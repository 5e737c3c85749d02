// Numbers that a user may have or use: API keys, vaults, PIN tries, look-ups; a key or token is replaced once, and an e-mail address is
// one user.
import { insertApiKeys, insertExpiredKey } from "@/e2e/support/credentials";
import type { TestUser } from "@/e2e/support/people";
import { typedVault } from "@/e2e/support/vaults";
import type { ErrorCode } from "@/lib/errors";
import { newKey, newWalletNumber } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { ACTIVE_KEYS_MAX } from "@/lib/services/api-access/keys/policy";
import { rolloverApiKey } from "@/lib/services/api-access/keys/rollover-api-key";
import { refreshApiSession } from "@/lib/services/api-access/sessions/refresh-api-session";
import { type ApiSessionTokens, startApiSession } from "@/lib/services/api-access/sessions/start-api-session";
import type { Context } from "@/lib/services/context";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { PIN_TRIES_MAX } from "@/lib/services/identity/pin/policy";
import { signInWithGoogle } from "@/lib/services/identity/users/sign-in-with-google";
import { signUp } from "@/lib/services/identity/users/sign-up";
import { consume } from "@/lib/services/rate-limits/consume";
import { LIMITS, type LimitName } from "@/lib/services/rate-limits/limits";
import { lookUpRecipient } from "@/lib/services/transfers/look-up-recipient";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { createVault } from "@/lib/services/vaults/create-vault";
import { OPEN_VAULTS_MAX } from "@/lib/services/vaults/policy";
import { CALLERS } from "./databases";
import { done, type Race, type Resource } from "./race";
import type { RaceSetup } from "./setup";

/** Something of which a user has `max` at most. */
interface Limit {
  max: number;
  refusal: ErrorCode;
  /** Makes the first ones. */
  fill(setup: RaceSetup, user: TestUser, count: number): Promise<unknown>;
  /** Makes another one. */
  use(context: Context, setup: RaceSetup): Promise<unknown>;
  count?(setup: RaceSetup, user: TestUser): Promise<number>;
}

const limited =
  ({ max, refusal, fill, use, count }: Limit): Race =>
  async (setup) => {
    const user = await setup.saver();
    const known = setup.random.int(0, max - 1);
    await fill(setup, user, known);
    return {
      call: (caller) => use(setup.on(user, caller), setup),
      refusals: [refusal],
      winners: max - known,
      figures: async () => (count ? { "that the user has": [max, count(setup, user)] } : {}),
    };
  };

const activeKeys = (setup: RaceSetup, { userId }: TestUser) => setup.count`select count(*)::int from api_keys
  where user_id = ${userId.toString()} and revoked_at is null and expires_at > clock_timestamp()`;

const KEYS: Limit = {
  max: ACTIVE_KEYS_MAX,
  refusal: "key_limit_reached",
  fill: ({ owner }, { userId }, count) => insertApiKeys(owner, Array(count).fill(userId)),
  use: (context) => createApiKey(context, { name: "key", permissions: ["read"], expiry: "1D" }),
  count: activeKeys,
};

const VAULTS: Limit = {
  max: OPEN_VAULTS_MAX,
  refusal: "validation_failed",
  fill: ({ owner }, { walletId }, count) => owner`insert into vaults (wallet_id, name, currency)
    select ${walletId.toString()}, 'Vault ' || n, 'XOF' from generate_series(1, ${count}) n`,
  use: (context) => createVault(context, typedVault({ name: `Tabaski ${newKey()}`.slice(0, 30) })),
  count: (setup, { walletId }) => setup.count`select count(*)::int from vaults
    where wallet_id = ${walletId.toString()} and closed_at is null`,
};

const useUp =
  (limit: LimitName): Limit["fill"] =>
  async ({ db }, { userId }, points) => {
    if (points > 0) await consume(db, limit, [userId.toString()], undefined, points);
  };

const LOOK_UPS: Limit = {
  max: LIMITS.recipient_minute.points,
  refusal: "rate_limited",
  fill: useUp("recipient_minute"),
  use: (context, setup) => lookUpRecipient(context, setup.anybody().walletNumber),
};

/** Each transfer to an unknown wallet is counted, however many run at once: the next one after the limit is refused. */
const failedLookUps: Race = async (setup) => {
  const isOneTooMany = setup.random.chance(0.7);
  const user = await setup.saver(1_000n);
  const used = LIMITS.failed_look_up.points - CALLERS + (isOneTooMany ? 1 : -1);
  await useUp("failed_look_up")(setup, user, used);
  const tryNumber = (caller: number) =>
    sendTransfer(setup.on(user, caller), { walletNumber: newWalletNumber(), amount: money(1n, "XOF") });
  return {
    call: tryNumber,
    refusals: ["recipient_not_found"],
    figures: async () => {
      // The process that counted one too many knows it; another one would only at its next failed look-up.
      const next: unknown[] = [];
      for (let process = 0; process < setup.processes; process += 1) {
        next.push(await tryNumber(process).catch((error) => error.code));
      }
      return { "look-ups left": [isOneTooMany ? 0 : 1, next.includes("rate_limited") ? 0 : 1] };
    },
  };
};

/** Of thirty guesses at once at most five are compared: each is counted before it is compared. */
const pinTries: Race = async (setup) => {
  const user = await setup.saver();
  const known = setup.random.int(0, PIN_TRIES_MAX - 1);
  await setup.givePin(user, known);
  // None of them is the right one.
  const first = setup.random.int(5_000, 7_000);
  return {
    call: (caller) => checkPin(setup.on(user, caller), String(first + caller)),
    refusals: ["pin_wrong", "pin_locked"],
    figures: async (results) => {
      const refused = (code: ErrorCode) => results.filter(({ refusal }) => refusal === code).length;
      const tries = setup.count`select wrong_tries as count from pins where user_id = ${user.userId.toString()}`;
      return {
        "tries counted": [PIN_TRIES_MAX, tries],
        // The guess that locks the PIN is compared too, but refused as locked.
        "guesses refused as wrong": [PIN_TRIES_MAX - known - 1, refused("pin_wrong")],
        "guesses refused as locked": [CALLERS - (PIN_TRIES_MAX - known - 1), refused("pin_locked")],
      };
    },
  };
};

/** A control for limits of one statement: each caller reads a count, and writes it back increased if it is below the limit. */
const countedLate =
  (limit: number): Race =>
  async ({ random, db: { $client: sql } }) => {
    const used = random.int(0, 4);
    const key = `race:${newKey()}`;
    await sql`insert into rate_limits (key, points) values (${key}, ${used})`;
    return {
      call: async () => {
        const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
        const points = Number(row?.points ?? limit);
        if (points < limit) await sql`update rate_limits set points = ${points + 1} where key = ${key}`;
        return points < limit;
      },
      figures: async (results) => ({
        "tries under the limit": [limit - used, results.filter(({ value }) => value === true).length],
      }),
    };
  };

const rollovers: Race = async (setup) => {
  const user = await setup.saver();
  const known = setup.random.int(0, ACTIVE_KEYS_MAX - 1);
  await KEYS.fill(setup, user, known);
  const { keyId } = await insertExpiredKey(setup.owner, user.userId);
  return {
    call: (caller) => rolloverApiKey(setup.on(user, caller), { expiredKeyId: keyId, expiry: "1M" }),
    refusals: ["key_replaced"],
    winners: 1,
    figures: async () => ({ "active keys": [known + 1, activeKeys(setup, user)] }),
  };
};

/** The token used just before gets the same successor; reuse of an older one revokes the session. */
const refreshes: Race = async (setup) => {
  const { database, random, system } = setup;
  const user = await setup.saver();
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
      const revoked = setup.count`
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
  const person = { email: `race-${newKey()}@example.test`, locale: "fr" } as const;
  const subject = newKey();
  const named = { emailVerified: true, givenName: "Awa", familyName: "Traoré", pictureUrl: null };
  const typed = {
    firstName: "Awa",
    lastName: "Traoré",
    phone: "",
    phoneCountry: "BF",
    password: newKey(),
  } as const;
  const passwords = setup.random.int(1, 2);
  return {
    call: (caller) =>
      caller < passwords
        ? signUp(system, { ...person, ...typed }, [newKey()])
        : signInWithGoogle(system, { ...person, ...named, subject }),
    refusals: ["email_taken"],
    figures: async () => {
      const users = setup.count`select count(*)::int from users where email = ${person.email}`;
      const wallets = setup.count`select count(*)::int from wallets w
        join users u on u.id = w.user_id where u.email = ${person.email}`;
      const links = setup.count`select count(*)::int from identities where subject = ${subject}`;
      return {
        "users with one e-mail address": [1, users],
        "their wallets": [1, wallets],
        "links to one Google account": [1, links],
      };
    },
  };
};

const [USERS_LOCK, UPSERT] = ["the user's row lock", "one statement that counts"];

export const LIMIT_RACES: readonly Resource[] = [
  { name: "limit of API keys", lock: USERS_LOCK, race: limited(KEYS) },
  { name: "limit of vaults", lock: "the wallet's row lock", race: limited(VAULTS) },
  { name: "recipient look-ups", lock: UPSERT, race: limited(LOOK_UPS), control: countedLate(LOOK_UPS.max) },
  { name: "failed recipient look-ups", lock: UPSERT, race: failedLookUps, control: countedLate(CALLERS - 1) },
  { name: "PIN tries", lock: UPSERT, race: pinTries, control: countedLate(PIN_TRIES_MAX) },
  { name: "rollovers of one API key", lock: `${USERS_LOCK}, one replaces_key_id`, race: rollovers },
  { name: "refreshes with one token", lock: "the session's row lock, the token's key", race: refreshes },
  { name: "sign-ups with one e-mail address", lock: "unique keys, the user's row lock", race: signUps },
];
