import { encode } from "next-auth/jwt";
import { inTransaction } from "@/db/transaction";
import { newKey, newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { type Money, money } from "@/lib/money/money";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { insertExpiredKey } from "@/lib/services/api-access/keys/key-fixtures";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { recordOperation } from "@/lib/services/operations/record";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import type { Deployment } from "../deployment";

/** Somebody with money, a vault, a key, a review to confirm and a browser that is signed in. */
export interface Person {
  userId: bigint;
  walletId: bigint;
  walletNumber: string;
  email: string;
  sessionId: string;
  /** As a browser sends it. */
  cookie: string;
  apiKey: string;
  keyId: bigint;
  expiredKeyId: bigint;
  vaultId: bigint;
  quoteId: string;
  /** A deposit that succeeded, in francs. */
  reference: string;
  tokens: Tokens;
}

const SESSION_COOKIE = "cauris.session";
const FRANCS = 900_000_000_000n;

/** A new person; `position` only makes names differ. */
export async function mintPerson(deployment: Deployment, name: string): Promise<Person> {
  const email = `${name}-${newKey()}@example.test`;
  const tokens = await signInWithGoogle(deployment, email);
  const [made] = await deployment.owner<{ user_id: string; id: string; number: string }[]>`
    select wallets.* from wallets join users on users.id = user_id where email = ${email}`;
  invariant(made, "who signs in has a wallet");
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
  const { sessionId, cookie } = await mintSession(deployment, userId);
  const quoteId = await mintQuote(deployment, { userId }, "withdrawal");
  const own = { userId, walletId, walletNumber, email, tokens, vaultId, quoteId, reference };
  return { ...own, sessionId, cookie, expiredKeyId, apiKey: key.apiKey, keyId: BigInt(kept?.id ?? 0) };
}

export function personContext(deployment: Deployment, userId: bigint): Context {
  return deployment.context({ kind: "user", userId, sessionId: newKey() });
}

/** One more signed-in browser. */
export async function mintSession(
  deployment: Deployment,
  userId: bigint,
): Promise<{ sessionId: string; cookie: string }> {
  const sessionId = await startSession(deployment.context(), userId, "Chromium");
  const secret = deployment.secrets.authSecret;
  const value = await encode({ token: { sid: sessionId }, secret, salt: SESSION_COOKIE });
  return { sessionId, cookie: `${SESSION_COOKIE}=${value}` };
}

export interface Tokens {
  access: string;
  refresh: string;
}

/** Tokens of a new session of the JSON API, for whoever says at the sandbox's Google that this is their address. */
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
  const answer = await fetch(deployment.url + back.pathname + back.search);
  invariant(answer.ok, "who agreed at Google is signed in");
  return (await answer.json()) as Tokens;
}

/** Something to confirm, as a review page keeps it. */
export async function mintQuote(
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
      providerReference: `proof-${reference}`,
      eventKey: `proof:${reference}`,
      status: "succeeded",
    });
  });
  return reference;
}
