import {
  type ApiUser,
  createApiUsers,
  createBrowserSession,
  SESSION_COOKIE,
} from "@/e2e/support/credentials";
import { put, vaultOf } from "@/e2e/support/vaults";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import type { Client } from "../crashes/client";
import type { Deployment } from "../deployment";
import type { HistoryLog } from "./history-log";
import type { Sql } from "./observed-state";
import { SAVER } from "./plan";

/** What everybody has in the beginning, and what of it the saver puts into the vault. */
const FUNDS = [money(12_000n, "XOF"), money(1_200_000n, "NGN")];
const SAVED_MINOR = 300n;

/** A user with a wallet and an API key. */
export type Person = Pick<ApiUser, "userId" | "walletId" | "walletNumber" | "apiKey">;

/** The users of one history. */
export interface People {
  all: readonly Person[];
  /** The saver's session cookie and vault. */
  saver: { cookie: string; vaultId: string };
}

/** The forms of a vault's page that move money. */
export type FormName = "vault_deposit" | "vault_withdrawal";

/** What the operations of one history run against. */
export interface Environment {
  deployment: Deployment;
  client: Client;
  sql: Sql;
  people: People;
  historyLog: HistoryLog;
  /** The hidden fields of each form on the page of the saver's vault, once it was loaded. */
  forms: Map<FormName, [name: string, value: string][]>;
}

/** Everybody has money, and the saver some of it in the vault, which is logged as expected. */
export async function createPeople(
  deployment: Deployment,
  count: number,
  { expected }: HistoryLog,
): Promise<People> {
  const { db, secrets } = deployment;
  const all = await createApiUsers(deployment, count, ...FUNDS);
  const saver = all[SAVER];
  invariant(saver, "a history has a saver");
  const { value } = await createBrowserSession(db, saver.userId, secrets.AUTH_SECRET);
  const vaultId = await vaultOf(saver);
  await put(saver.context, vaultId, SAVED_MINOR);
  expected.push({ type: "vault_deposit", from: saver, currency: "XOF", amountMinor: SAVED_MINOR });
  return { all, saver: { cookie: `${SESSION_COOKIE}=${value}`, vaultId } };
}

/** The person at a position. */
export function personAt({ people }: { people: Pick<People, "all"> }, who: number): Person {
  const person = people.all[who];
  invariant(person, `there is a person ${who}`);
  return person;
}

/** The ids of all wallets, as parameters of a query. */
export function walletIds({ people }: { people: Pick<People, "all"> }): string[] {
  return people.all.map(({ walletId }) => walletId.toString());
}
