import { encode } from "next-auth/jwt";
import { inTransaction } from "@/db/transaction";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { newKey, newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { type Money, money } from "@/lib/money/money";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { recordOperation } from "@/lib/services/operations/record";
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

const SESSION_COOKIE = "cauris.session";
const FRANCS = 900_000_000_000n;

/** A new user; `name` is the beginning of the e-mail address. */
export async function createPerson(deployment: Deployment, name: string): Promise<Person> {
  const email = `${name}-${newKey()}@example.test`;
  const tokens = await signInWithGoogle(deployment, email);
  const [made] = await deployment.owner<{ user_id: string; id: string; number: string }[]>`
    select wallets.* from wallets join users on users.id = user_id where email = ${email}`;
  invariant(made, "a new user has a wallet");
  const [userId, walletId, walletNumber] = [BigInt(made.user_id), BigInt(made.id), made.number];
  const reference = await fund(deployment, walletId, money(FRANCS, "XOF"), "getmipay");
  await fund(deployment, walletId, money(FRANCS, "NGN"), "paystack");
  const context = personContext(deployment, userId);
  const form = { name: "La moto", currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
  const { vaultId } = await createVault(context, form);
  await putIntoVault(context, { vaultId: vaultId.toString(), amount: "5000000", key: newKey() });
  const key = await createApiKey(context, {
    name: "caisse",
    permissions: ["deposit", "transfer", "read", "withdraw"],
    expiry: "1Y",
  });
  const [kept] = await deployment.owner<
    { id: string }[]
  >`select id from api_keys where user_id = ${userId.toString()}`;
  const { keyId: expiredKeyId } = await insertExpiredKey(deployment.owner, userId);
  const { sessionId, cookie } = await createSession(deployment, userId);
  const quoteId = await createQuote(deployment, { userId }, "withdrawal");
  const own = { userId, walletId, walletNumber, email, tokens, vaultId, quoteId, reference };
  return { ...own, sessionId, cookie, expiredKeyId, apiKey: key.apiKey, keyId: BigInt(kept?.id ?? 0) };
}

export function personContext(deployment: Deployment, userId: bigint): Context {
  return deployment.context({ kind: "user", userId, sessionId: newKey() });
}

/** A new session of the pages and its cookie. */
export async function createSession(
  deployment: Deployment,
  userId: bigint,
): Promise<{ sessionId: string; cookie: string }> {
  const sessionId = await startSession(deployment.context(), userId, "Chromium");
  const secret = deployment.secrets.AUTH_SECRET;
  const value = await encode({ token: { sid: sessionId }, secret, salt: SESSION_COOKIE });
  return { sessionId, cookie: `${SESSION_COOKIE}=${value}` };
}

export interface Tokens {
  access: string;
  refresh: string;
}

/** Signs in through the sandbox's Google with this e-mail address. Returns the tokens of a new API session. */
export async function signInWithGoogle(deployment: Deployment, email: string): Promise<Tokens> {
  const begun = await fetch(`${deployment.url}/api/auth/google`);
  const { authorization_url: address } = (await begun.json()) as { authorization_url: string };
  const form = { action: "allow", email, first_name: "Awa", last_name: "Sawadogo", email_verified: "on" };
  const agreed = await fetch(address, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
  });
  const back = new URL(agreed.headers.get("location") ?? "about:blank");
  const response = await fetch(deployment.url + back.pathname + back.search);
  invariant(response.ok, "the sign-in through Google succeeds");
  return (await response.json()) as Tokens;
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

async function fund(
  deployment: Deployment,
  walletId: bigint,
  amount: Money,
  provider: "getmipay" | "paystack",
): Promise<string> {
  const context = deployment.context({ kind: "system" });
  const reference = newReference();
  const { currency, amountMinor } = amount;
  const isPhone = provider === "getmipay";
  await inTransaction(deployment.db, async (tx) => {
    await openAccounts(tx, accountsOfProvider(provider, currency));
    const parties = { provider, method: isPhone ? "wave" : null, phone: isPhone ? "+22670123456" : null };
    const values = { reference, type: "deposit", state: "pending", walletId, currency, amountMinor } as const;
    await recordOperation(tx, context.actor, { ...values, ...parties });
    await applyCollection(tx, context, {
      ...{ provider, reference, amount, currencyCode: currency, reasonCode: null, live: null },
      providerReference: `fuzzing-${reference}`,
      eventKey: `fuzzing:${reference}`,
      status: "succeeded",
    });
  });
  return reference;
}
