import {
  type ApiUser,
  createAccessToken,
  createApiUsers,
  createBrowserSession,
  insertApiKeys,
  insertApiSession,
  insertExpiredKey,
  SESSION_COOKIE,
  type TestKey,
} from "@/e2e/support/credentials";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { createVault } from "@/lib/services/vaults/create-vault";
import type { Deployment } from "../deployment";
import { MANAGER, SAVER } from "./plan";

/** A user with a wallet and an API key that stays valid. */
export type Person = Pick<ApiUser, "userId" | "walletId" | "walletNumber" | "apiKey">;

/** The users of one history. */
export interface People {
  all: readonly Person[];
  /** The manager's access token, API key that is revoked while in use, and expired API key. */
  manager: { token: string; revokedInUse: TestKey; expired: TestKey };
  /** The saver's session cookie and vault. */
  saver: { cookie: string; vaultId: bigint };
}

export async function createPeople(deployment: Deployment, count: number): Promise<People> {
  const all = await createApiUsers(deployment, count);
  const [manager, saver] = [all[MANAGER], all[SAVER]];
  invariant(manager && saver, "a history has a manager and a saver");
  const [managers, savers] = await Promise.all([
    managerCredentials(deployment, manager.userId),
    saverCredentials(deployment, saver),
  ]);
  return { all, manager: managers, saver: savers };
}

async function managerCredentials(deployment: Deployment, userId: bigint): Promise<People["manager"]> {
  const { owner } = deployment;
  const { keyId, apiKey } = await insertExpiredKey(owner, userId);
  const [revokedInUse] = await insertApiKeys(owner, [userId]);
  invariant(revokedInUse, "an inserted key comes back");
  const { sessionId } = await insertApiSession(owner, userId);
  const token = await createAccessToken({ userId, sessionId }, deployment);
  return { token, revokedInUse, expired: { id: keyId, apiKey } };
}

async function saverCredentials(
  { db, secrets }: Deployment,
  { userId, context }: ApiUser,
): Promise<People["saver"]> {
  const { value } = await createBrowserSession(db, userId, secrets.AUTH_SECRET);
  const vault = { name: "Projet", currency: "XOF" as const, goal: "", lockedUntil: "", key: newKey() };
  const { vaultId } = await createVault(context, vault);
  return { cookie: `${SESSION_COOKIE}=${value}`, vaultId };
}
