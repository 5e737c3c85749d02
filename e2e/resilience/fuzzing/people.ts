import { apiClient } from "@/e2e/support/api-client";
import {
  createBrowserSession,
  insertApiKeys,
  insertExpiredKey,
  SESSION_COOKIE,
} from "@/e2e/support/credentials";
import { signInByApi } from "@/e2e/support/google-sign-in";
import { fundWallet } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import type { Deployment } from "../deployment";

/** A user with money, a vault, API keys, a quote to confirm, a signed-in browser and API tokens. */
export interface Person {
  userId: bigint;
  walletId: bigint;
  walletNumber: string;
  email: string;
  sessionId: string;
  /** The Cookie header of the signed-in browser. */
  cookie: string;
  apiKey: string;
  keyId: bigint;
  expiredKeyId: bigint;
  vaultId: bigint;
  quoteId: string;
  /** Of a successful deposit in francs. */
  reference: string;
  tokens: Tokens;
}

const GETMIPAY = { provider: "getmipay", method: "wave", phone: "+22670123456" };
const PAYSTACK = { provider: "paystack", method: null, phone: null };
const FRANCS = 900_000_000_000n;

/** A new user; `name` is the beginning of the e-mail address. */
export async function createPerson(deployment: Deployment, name: string): Promise<Person> {
  const email = `${name}-${newKey()}@example.test`;
  const tokens = await signInWithGoogle(deployment, email);
  const [made] = await deployment.owner<{ user_id: string; id: string; number: string }[]>`
    select wallets.* from wallets join users on users.id = user_id where email = ${email}`;
  invariant(made, "a new user has a wallet");
  const [userId, walletId, walletNumber] = [BigInt(made.user_id), BigInt(made.id), made.number];
  const reference = await fundWallet(deployment.db, walletId, money(FRANCS, "XOF"), GETMIPAY);
  await fundWallet(deployment.db, walletId, money(FRANCS, "NGN"), PAYSTACK);
  const context = personContext(deployment, userId);
  const form = { name: "La moto", currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
  const { vaultId } = await createVault(context, form);
  await putIntoVault(context, { vaultId: vaultId.toString(), amount: "5000000", key: newKey() });
  const [key] = await insertApiKeys(deployment.owner, [userId]);
  invariant(key, "the insert returns the key");
  const { keyId: expiredKeyId } = await insertExpiredKey(deployment.owner, userId);
  const { sessionId, cookie } = await createSession(deployment, userId);
  const quoteId = await createQuote(deployment, { userId }, "withdrawal");
  const own = { userId, walletId, walletNumber, email, tokens, vaultId, quoteId, reference };
  return { ...own, sessionId, cookie, expiredKeyId, apiKey: key.apiKey, keyId: key.id };
}

function personContext(deployment: Deployment, userId: bigint): Context {
  return deployment.context({ kind: "user", userId, sessionId: newKey() });
}

/** A new session of the pages and its cookie. */
export async function createSession(
  deployment: Deployment,
  userId: bigint,
): Promise<{ sessionId: string; cookie: string }> {
  const { db, secrets } = deployment;
  const { sessionId, value } = await createBrowserSession(db, userId, secrets.AUTH_SECRET);
  return { sessionId, cookie: `${SESSION_COOKIE}=${value}` };
}

export interface Tokens {
  access: string;
  refresh: string;
}

/** Signs in through the sandbox's Google with this e-mail address. Returns the tokens of a new API session. */
export async function signInWithGoogle(deployment: Deployment, email: string): Promise<Tokens> {
  const person = { email, firstName: "Awa", lastName: "Sawadogo" };
  const response = await signInByApi(apiClient(deployment.url), person);
  invariant(response.status === 200, "the sign-in through Google succeeds");
  return response.body;
}

/** A quote as the review page of a withdrawal or transfer stores it. */
export async function createQuote(
  deployment: Deployment,
  { userId }: { userId: bigint },
  type: "withdrawal" | "transfer",
  to?: { walletId: bigint },
): Promise<string> {
  const id = newKey();
  const isOut = type === "withdrawal";
  await deployment.owner`
    insert into quotes (id, user_id, currency, amount_minor, fee_minor, type, method, phone, counterparty_wallet_id, expires_at)
    values (${id}, ${userId.toString()}, 'XOF', 700, 0, ${type}, ${isOut ? "wave" : null},
      ${isOut ? "+22670123456" : null}, ${to?.walletId.toString() ?? null}, clock_timestamp() + interval '10 minutes')`;
  return id;
}
