import { encode } from "next-auth/jwt";
import { inTransaction } from "@/db/transaction";
import { signAccessToken } from "@/lib/auth/access-token";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { toTokenSettings } from "@/lib/auth/token-settings";
import { parseConfig } from "@/lib/config";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { insertExpiredKey } from "@/lib/services/api-access/keys/key-fixtures";
import { hashOfKey, newKeyText, shownPrefix } from "@/lib/services/api-access/keys/key-text";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { createVault } from "@/lib/services/vaults/create-vault";
import type { Deployment } from "../deployment";
import { MANAGER, SAVER } from "./plan";

/** A user with a wallet and an API key that stays valid. */
export interface Person {
  userId: bigint;
  walletId: bigint;
  walletNumber: string;
  apiKey: string;
}

/** The users of one history. */
export interface People {
  all: readonly Person[];
  /** The manager's access token, API key that is revoked while in use, and expired API key. */
  manager: {
    token: string;
    revokedInUse: { id: bigint; apiKey: string };
    expired: { id: bigint; apiKey: string };
  };
  /** The saver's session cookie and vault. */
  saver: { cookie: string; vaultId: bigint };
}

const PERMISSIONS = ["deposit", "transfer", "read", "withdraw"] as const;
const COOKIE_LIFETIME_SECONDS = 3_600;

export async function createPeople(deployment: Deployment, count: number, name: string): Promise<People> {
  const made = await inTransaction(deployment.db, async (tx) => {
    const people = [];
    for (let index = 0; index < count; index += 1) {
      const email = `${name}-${index}@example.test`;
      // Withdrawals and deposits say their ownKey phone: nobody has one.
      const created = await createUserWithWallet(tx, { email, firstName: "Awa", lastName: "Resilience" });
      invariant(created, "the address was free");
      people.push({
        userId: created.user.id,
        walletId: created.walletId,
        walletNumber: created.walletNumber,
      });
    }
    return people;
  });
  const keys = await insertKeys(
    deployment,
    made.map(({ userId }) => userId),
  );
  const all = made.map((person, who) => ({ ...person, apiKey: keys[who] ?? "" }));
  const [manager, saver] = [all[MANAGER], all[SAVER]];
  invariant(manager && saver, "there are people enough");
  const [managing, saving] = await Promise.all([
    equipManager(deployment, manager.userId),
    equipSaver(deployment, saver.userId),
  ]);
  return { all, manager: managing, saver: saving };
}

/** Everybody's steady key, in one statement: making keys by the verb is the manager's part. */
async function insertKeys(deployment: Deployment, users: readonly bigint[]): Promise<string[]> {
  const keys = users.map(() => newKeyText());
  await deployment.owner`insert into api_keys (user_id, name, prefix, hash, permissions, expires_at)
    select n.user_id, 'Proof', n.prefix, decode(n.hash, 'hex'), ${[...PERMISSIONS]}, now() + interval '1 day'
    from unnest(${users.map(String)}::bigint[], ${keys.map(shownPrefix)}::text[],
      ${keys.map((key) => hashOfKey(key).toString("hex"))}::text[]) as n(user_id, prefix, hash)`;
  return keys;
}

/** As the person signed in, for the verbs that only a person may call. */
function contextOf(deployment: Deployment, userId: bigint) {
  return deployment.context({ kind: "user", userId, sessionId: newKey() });
}

async function keyFor(deployment: Deployment, userId: bigint): Promise<{ id: bigint; apiKey: string }> {
  const { apiKey, key } = await createApiKey(contextOf(deployment, userId), {
    name: "Resilience",
    permissions: [...PERMISSIONS],
    expiry: "1D",
  });
  return { id: key.id, apiKey };
}

async function equipManager(deployment: Deployment, userId: bigint): Promise<People["manager"]> {
  const { keyId, apiKey } = await insertExpiredKey(deployment.owner, userId);
  const expired = { id: keyId, apiKey };
  const revokedInUse = await keyFor(deployment, userId);
  // Without a refresh token, whose secret this process doesn't have: a history is over sooner than its access token.
  const sessionId = newKey();
  await deployment.owner`insert into api_sessions (id, user_id) values (${sessionId}, ${userId.toString()})`;
  const { AUTH_SECRET, JWT_SECRET_KEY } = deployment.secrets;
  const variables = {
    AUTH_SECRET,
    JWT_SECRET_KEY,
    BASE_URL: deployment.url,
    DATABASE_URL: deployment.appUrl,
  };
  const settings = toTokenSettings(parseConfig(variables));
  return { token: await signAccessToken({ userId, sessionId }, settings), revokedInUse, expired };
}

async function equipSaver(deployment: Deployment, userId: bigint): Promise<People["saver"]> {
  const context = contextOf(deployment, userId);
  const name = sessionCookieName(false);
  const sessionId = await startSession(context, userId, "Resilience");
  const cookie = await encode({
    token: { sid: sessionId },
    secret: deployment.secrets.AUTH_SECRET,
    salt: name,
    maxAge: COOKIE_LIFETIME_SECONDS,
  });
  const vault = { name: "Projet", currency: "XOF" as const, goal: "", lockedUntil: "", key: newKey() };
  const { vaultId } = await createVault(context, vault);
  return { cookie: `${name}=${cookie}`, vaultId };
}
