import { createHmac } from "node:crypto";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { invariant } from "@/lib/invariant";
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import { Browser, hiddenFieldsOfFormWithText, type ResponseLog, redirectOf } from "./browser";
import type { CanarySet } from "./canaries";

/** A person whose secrets are all canaries. */
export interface Person {
  name: string;
  browser: Browser;
  email: string;
  password: string;
  pin: string;
  phone: string;
  account: string;
  note: string;
}

/** What every flow needs. */
export interface FlowContext {
  deployment: Deployment;
  canaries: CanarySet;
  responses: ResponseLog;
  random: Random;
}

// Neither a PIN that the sandbox treats specially nor a common one.
const pinOf = (random: Random) => `${random.int(2, 5)}0${random.int(100, 999)}${random.int(6, 9)}`;
const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.int(0, 9)).join("");

/** A new person with secrets, who hasn't signed up yet. */
export function newPerson({ deployment, canaries, responses, random }: FlowContext, name: string): Person {
  return {
    name,
    browser: new Browser(deployment.url, name, responses),
    email: canaries.add("e-mail", `canary-${random.hex(6)}@example.test`, name),
    password: canaries.add("password", `Pa$$ ${random.hex(8)} é&<"`, name),
    pin: canaries.add("PIN", pinOf(random), name),
    phone: canaries.add("phone", `+22671${digits(random, 6)}`, name),
    account: canaries.add("bank account", `01${digits(random, 8)}`, name),
    note: canaries.add("note", `note ${random.hex(6)}`, name),
  };
}

const SESSION = "cauris.session";

/** Signs up, out and in again, once with a wrong password; then a PIN, wrong and right. */
export async function signUpAndIn({ canaries, random }: FlowContext, person: Person): Promise<void> {
  const { browser, name, email, password, pin, phone } = person;
  const made = await browser.submit("/sign-up", "firstName", {
    email,
    password,
    firstName: "Awa",
    lastName: "S",
    phone,
  });
  invariant(made.status === 303, "a new person can sign up");
  canaries.add("session cookie", browser.cookies.get(SESSION) ?? "", name, made.number);
  browser.cookies.delete(SESSION);
  await browser.submit("/sign-up", "firstName", {
    email,
    password: "another",
    firstName: "Awa",
    lastName: "S",
    phone,
  });
  const wrong = canaries.add("password", `wrong ${random.hex(8)}`, name);
  await browser.submit("/sign-in", "password", { email, password: wrong });
  const signedIn = await browser.submit("/sign-in", "password", { email, password });
  invariant(signedIn.status === 303, "the new user can sign in");
  canaries.add("session cookie", browser.cookies.get(SESSION) ?? "", name, signedIn.number);
  const chosen = await browser.submit("/wallet/settings/pin", "pinAgain", { pin, pinAgain: pin });
  invariant(chosen.status === 303, "a PIN can be set");
  const other = canaries.add("PIN", pinOf(random), name);
  await browser.submit("/wallet/settings/pin", "pinAgain", { currentPin: other, pin, pinAgain: other });
}

/** Signs an API client in through Google, refreshes its tokens and misuses them; then signs in through Google on the web. */
export async function signInByGoogle(
  { deployment, canaries, responses, random }: FlowContext,
  name: string,
): Promise<string> {
  const client = new Browser(deployment.url, name, responses);
  const begun = await client.request("/api/auth/google");
  const { authorization_url: address } = JSON.parse(begun.text) as { authorization_url: string };
  const email = canaries.add("e-mail", `google-${random.hex(6)}@example.test`, name);
  const back = await agreeAtGoogle(address, email, canaries);
  const response = await client.request(back.pathname + back.search);
  const tokens = addTokens(canaries, name, response);
  const refreshed = await client.json("/api/auth/refresh", { refresh: tokens.refresh });
  const fresh = addTokens(canaries, name, refreshed);
  await client.json("/api/auth/refresh", { refresh: `${tokens.refresh}x` });
  await client.request("/api/auth/me", { headers: { authorization: `Bearer ${fresh.access}x` } });
  await client.request(`/api/auth/me?access_token=${fresh.access}`);
  await client.request(`/api/auth/${fresh.access}`);
  const web = new Browser(deployment.url, name, responses);
  const led = await web.post("/sign-in", await googleForm(web), {});
  const returned = await agreeAtGoogle(redirectOf(led), email, canaries);
  const signedIn = await web.request(returned.pathname + returned.search);
  canaries.add("session cookie", web.cookies.get(SESSION) ?? "", name, signedIn.number);
  return fresh.access;
}

async function googleForm(web: Browser): Promise<[string, string][]> {
  const { text } = await web.request("/sign-in");
  return hiddenFieldsOfFormWithText(text, "Google");
}

async function agreeAtGoogle(address: string, email: string, canaries: CanarySet): Promise<URL> {
  const form = { action: "allow", email, first_name: "Awa", last_name: "S", email_verified: "on" };
  const agreed = await fetch(address, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
  });
  const back = new URL(agreed.headers.get("location") ?? "about:blank");
  canaries.add("Google's code", back.searchParams.get("code") ?? "", null);
  return back;
}

function addTokens(
  canaries: CanarySet,
  name: string,
  { text, number, status }: { text: string; number: number; status: number },
): { access: string; refresh: string } {
  invariant(status === 200, "the response contains tokens");
  const { access, refresh } = JSON.parse(text) as { access: string; refresh: string };
  canaries.add("access token", access, name, number);
  canaries.add("refresh token", refresh, name, number);
  return { access, refresh };
}

/** Creates API keys by page and by API, rolls one over, and sends keys in right and wrong places. Returns an active one. */
export async function tryKeys(
  { deployment, canaries, responses }: FlowContext,
  { browser, name: owner }: Person,
  { name, access }: { name: string; access: string },
): Promise<string> {
  const client = new Browser(deployment.url, name, responses);
  const bearer = { authorization: `Bearer ${access}` };
  const page = await browser.submit("/wallet/keys/new", "expiry", {
    name: "caisse",
    read: "on",
    transfer: "on",
    expiry: "1D",
  });
  addKey(canaries, owner, page);
  const body = { name: "kassa", permissions: ["deposit", "transfer", "read", "withdraw"], expiry: "1H" };
  const key = addKey(canaries, name, await client.json("/api/keys/create", body, bearer));
  const me = JSON.parse((await client.request("/api/auth/me", { headers: bearer })).text) as {
    wallet_number: string;
  };
  const [wallet] = await deployment.owner<
    { user_id: string }[]
  >`select user_id from wallets where number = ${me.wallet_number}`;
  const expired = await insertExpiredKey(deployment.owner, BigInt(wallet?.user_id ?? 0));
  canaries.add("API key", expired.apiKey, name);
  const rolled = { expired_key_id: expired.keyId.toString(), expiry: "1H" };
  addKey(canaries, name, await client.json("/api/keys/rollover", rolled, bearer));
  await client.request("/api/keys/list", { headers: bearer });
  await client.request("/api/wallet/balance", { headers: { "x-api-key": key } });
  await client.request("/api/wallet/balance", { headers: { "x-api-key": expired.apiKey } });
  await client.request(`/api/wallet/balance?x-api-key=${key}`);
  await client.request(`/api/wallet/balance/${key}`);
  await client.request(`/wallet/keys/renew/${key}`);
  await client.json(
    "/api/wallet/transfer",
    { [key]: 1, amount: key },
    { "x-api-key": key, "idempotency-key": key },
  );
  return key;
}

function addKey(
  canaries: CanarySet,
  name: string,
  { text, number }: { text: string; number: number },
): string {
  const key = /sk_live_[A-Za-z0-9_-]{20,}/.exec(text)?.[0] ?? "";
  invariant(key !== "", "a key is shown once");
  return canaries.add("API key", key, name, number);
}

/** Webhooks of both providers: with forged signatures, and signed ones that contain a bank account and an e-mail address. */
export async function sendWebhooks(
  { deployment, canaries, responses }: FlowContext,
  { email, account, phone }: Person,
): Promise<void> {
  const provider = new Browser(deployment.url, "a provider", responses);
  const { GETMIPAY_WEBHOOK_SECRET: getmipayWebhookSecret, PAYSTACK_SECRET_KEY: paystackSecretKey } =
    deployment.secrets;
  const event = {
    event: "charge.success",
    data: {
      reference: "TXN-222222222222",
      amount: 5,
      currency: "NGN",
      status: "success",
      customer: { email },
      authorization: { account_number: account },
    },
  };
  const body = JSON.stringify(event);
  const sign = (key: string) => createHmac("sha512", key).update(body).digest("hex");
  await provider.json("/api/wallet/paystack/webhook", body, {
    "x-paystack-signature": sign(paystackSecretKey),
  });
  await provider.json("/api/wallet/paystack/webhook", body, { "x-paystack-signature": sign("guessed") });
  await provider.json("/api/wallet/paystack/webhook", body, { "x-paystack-signature": paystackSecretKey });
  const forged = { event: "payment.completed", data: { phone, secret: getmipayWebhookSecret } };
  await provider.json("/webhook/getmipay", forged, { "x-signature": getmipayWebhookSecret });
  await provider.json(`/webhook/getmipay?token=${getmipayWebhookSecret}`, forged);
  canaries.add("server secret", sign(paystackSecretKey), null);
}
