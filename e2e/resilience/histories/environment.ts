import type postgres from "postgres";
import {
  type ApiUser,
  createAccessToken,
  createApiUsers,
  createBrowserSession,
  insertApiKeys,
  insertApiSession,
  SESSION_COOKIE,
  type TestKey,
} from "@/e2e/support/credentials";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { createVault } from "@/lib/services/vaults/create-vault";
import type { Deployment } from "../deployment";
import type { HistoryLog } from "./history-log";
import { MANAGER, SAVER } from "./plan";

/** A user with a wallet and an API key that stays valid. */
export type Person = Pick<ApiUser, "userId" | "walletId" | "walletNumber" | "apiKey">;

/** The users of one history. */
export interface People {
  all: readonly Person[];
  /** The manager's access token, and the API key that is revoked while in use. */
  manager: { token: string; revokedKey: TestKey };
  /** The saver's session cookie and vault. */
  saver: { cookie: string; vaultId: bigint };
}

export type FormName = "vault_deposit" | "vault_withdrawal" | "vault_lock";

/** What the operations of one history run against. */
export interface Environment {
  deployment: Deployment;
  /** As the owner of the tables; a bigint column is a bigint. */
  sql: postgres.Sql<{ bigint: bigint }>;
  people: People;
  historyLog: HistoryLog;
  /** The hidden fields of each form on the page of the saver's vault, once it was loaded. */
  forms: Map<FormName, [name: string, value: string][]>;
}

export async function createPeople(deployment: Deployment, count: number): Promise<People> {
  const { db, owner, secrets } = deployment;
  const all = await createApiUsers(deployment, count);
  const [manager, saver] = [all[MANAGER], all[SAVER]];
  invariant(manager && saver, "a history has a manager and a saver");
  const [revokedKey] = await insertApiKeys(owner, [manager.userId]);
  invariant(revokedKey, "an inserted key comes back");
  const { sessionId } = await insertApiSession(owner, manager.userId);
  const token = await createAccessToken({ userId: manager.userId, sessionId }, deployment);
  const { value } = await createBrowserSession(db, saver.userId, secrets.AUTH_SECRET);
  const vault = { name: "Projet", currency: "XOF" as const, goal: "", lockedUntil: "", key: newKey() };
  const { vaultId } = await createVault(saver.context, vault);
  return {
    all,
    manager: { token, revokedKey },
    saver: { cookie: `${SESSION_COOKIE}=${value}`, vaultId },
  };
}

/** A person's API key that stays valid, as headers of every attempt. */
export function ownKey(env: Environment, who: number): () => Record<string, string> {
  const { apiKey } = personAt(env, who);
  return () => ({ "x-api-key": apiKey });
}

/**
 * The manager's API key that is revoked while it is in use. Retries use the manager's other key, so that the outcome of
 * the first attempt can still be found out.
 */
export function revokedKey(env: Environment): (attempt: number) => Record<string, string> {
  const { apiKey } = env.people.manager.revokedKey;
  const later = ownKey(env, MANAGER);
  return (attempt) => (attempt === 1 ? { "x-api-key": apiKey } : later());
}

/** The person at a position. */
export function personAt({ people }: Pick<Environment, "people">, who: number): Person {
  const person = people.all[who];
  invariant(person, `there is a person ${who}`);
  return person;
}

/** The ids of all wallets, as parameters of a query. */
export function walletIds({ people }: Pick<Environment, "people">): string[] {
  return people.all.map(({ walletId }) => walletId.toString());
}
