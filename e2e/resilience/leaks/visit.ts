import { createHmac } from "node:crypto";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { invariant } from "@/lib/invariant";
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import { Browser, type Ear, hiddenOfFormThatSays, ledTo } from "./browser";
import type { Aviary } from "./canaries";

/** Somebody whose every secret is a canary. */
export interface Visitor {
  name: string;
  browser: Browser;
  email: string;
  password: string;
  pin: string;
  phone: string;
  account: string;
  note: string;
}

export interface Stage {
  deployment: Deployment;
  aviary: Aviary;
  ear: Ear;
  random: Random;
}

// None that the sandbox or the list of common ones knows.
const pinOf = (random: Random) => `${random.int(2, 5)}0${random.int(100, 999)}${random.int(6, 9)}`;
const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.int(0, 9)).join("");

/** Somebody new, with secrets of their own; nobody's account yet. */
export function newVisitor({ deployment, aviary, ear, random }: Stage, name: string): Visitor {
  return {
    name,
    browser: new Browser(deployment.url, name, ear),
    email: aviary.plant("e-mail", `canary-${random.hex(6)}@example.test`, name),
    password: aviary.plant("password", `Pa$$ ${random.hex(8)} é&<"`, name),
    pin: aviary.plant("PIN", pinOf(random), name),
    phone: aviary.plant("phone", `+22671${digits(random, 6)}`, name),
    account: aviary.plant("bank account", `01${digits(random, 8)}`, name),
    note: aviary.plant("note", `note ${random.hex(6)}`, name),
  };
}

const SESSION = "cauris.session";

/** Signs up, out and in again, once with a wrong password; then a PIN, wrong and right. */
export async function signUpAndIn({ aviary, random }: Stage, visitor: Visitor): Promise<void> {
  const { browser, name, email, password, pin, phone } = visitor;
  const made = await browser.submit("/sign-up", "firstName", {
    email,
    password,
    firstName: "Awa",
    lastName: "S",
    phone,
  });
  invariant(made.status === 303, "somebody new can sign up");
  aviary.plant("session cookie", browser.cookies.get(SESSION) ?? "", name, made.number);
  browser.cookies.delete(SESSION);
  await browser.submit("/sign-up", "firstName", {
    email,
    password: "another",
    firstName: "Awa",
    lastName: "S",
    phone,
  });
  const wrong = aviary.plant("password", `wrong ${random.hex(8)}`, name);
  await browser.submit("/sign-in", "password", { email, password: wrong });
  const signedIn = await browser.submit("/sign-in", "password", { email, password });
  invariant(signedIn.status === 303, "who signed up can sign in");
  aviary.plant("session cookie", browser.cookies.get(SESSION) ?? "", name, signedIn.number);
  const chosen = await browser.submit("/wallet/settings/pin", "pinAgain", { pin, pinAgain: pin });
  invariant(chosen.status === 303, "a PIN can be chosen");
  const other = aviary.plant("PIN", pinOf(random), name);
  await browser.submit("/wallet/settings/pin", "pinAgain", { currentPin: other, pin, pinAgain: other });
}

/** Tokens by Google for a program, refreshed and ended; the web's own way to Google beside. */
export async function signInByGoogle(
  { deployment, aviary, ear, random }: Stage,
  name: string,
): Promise<string> {
  const program = new Browser(deployment.url, name, ear);
  const begun = await program.ask("/api/auth/google");
  const { authorization_url: address } = JSON.parse(begun.text) as { authorization_url: string };
  const email = aviary.plant("e-mail", `google-${random.hex(6)}@example.test`, name);
  const back = await agreeAtGoogle(address, email, aviary);
  const answer = await program.ask(back.pathname + back.search);
  const tokens = plantTokens(aviary, name, answer);
  const refreshed = await program.json("/api/auth/refresh", { refresh: tokens.refresh });
  const fresh = plantTokens(aviary, name, refreshed);
  await program.json("/api/auth/refresh", { refresh: `${tokens.refresh}x` });
  await program.ask("/api/auth/me", { headers: { authorization: `Bearer ${fresh.access}x` } });
  await program.ask(`/api/auth/me?access_token=${fresh.access}`);
  await program.ask(`/api/auth/${fresh.access}`);
  const web = new Browser(deployment.url, name, ear);
  const led = await web.post("/sign-in", await googleForm(web), {});
  const returned = await agreeAtGoogle(ledTo(led), email, aviary);
  const signedIn = await web.ask(returned.pathname + returned.search);
  aviary.plant("session cookie", web.cookies.get(SESSION) ?? "", name, signedIn.number);
  return fresh.access;
}

async function googleForm(web: Browser): Promise<[string, string][]> {
  const { text } = await web.ask("/sign-in");
  return hiddenOfFormThatSays(text, "Google");
}

async function agreeAtGoogle(address: string, email: string, aviary: Aviary): Promise<URL> {
  const form = { action: "allow", email, first_name: "Awa", last_name: "S", email_verified: "on" };
  const agreed = await fetch(address, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
  });
  const back = new URL(agreed.headers.get("location") ?? "about:blank");
  aviary.plant("Google's code", back.searchParams.get("code") ?? "", null);
  return back;
}

function plantTokens(
  aviary: Aviary,
  name: string,
  { text, number, status }: { text: string; number: number; status: number },
): { access: string; refresh: string } {
  invariant(status === 200, "tokens are answered");
  const { access, refresh } = JSON.parse(text) as { access: string; refresh: string };
  aviary.plant("access token", access, name, number);
  aviary.plant("refresh token", refresh, name, number);
  return { access, refresh };
}

/** API keys made by page and program, rolled over, sent where they belong and where they don't. */
export async function tryKeys(
  { deployment, aviary, ear }: Stage,
  { browser, name: owner }: Visitor,
  { name, access }: { name: string; access: string },
): Promise<string> {
  const program = new Browser(deployment.url, name, ear);
  const bearer = { authorization: `Bearer ${access}` };
  const page = await browser.submit("/wallet/keys/new", "expiry", {
    name: "caisse",
    read: "on",
    transfer: "on",
    expiry: "1D",
  });
  plantKey(aviary, owner, page);
  const body = { name: "kassa", permissions: ["deposit", "transfer", "read", "withdraw"], expiry: "1H" };
  const key = plantKey(aviary, name, await program.json("/api/keys/create", body, bearer));
  const me = JSON.parse((await program.ask("/api/auth/me", { headers: bearer })).text) as {
    wallet_number: string;
  };
  const [wallet] = await deployment.owner<
    { user_id: string }[]
  >`select user_id from wallets where number = ${me.wallet_number}`;
  const expired = await insertExpiredKey(deployment.owner, BigInt(wallet?.user_id ?? 0));
  aviary.plant("API key", expired.apiKey, name);
  const rolled = { expired_key_id: expired.keyId.toString(), expiry: "1H" };
  plantKey(aviary, name, await program.json("/api/keys/rollover", rolled, bearer));
  await program.ask("/api/keys/list", { headers: bearer });
  await program.ask("/api/wallet/balance", { headers: { "x-api-key": key } });
  await program.ask("/api/wallet/balance", { headers: { "x-api-key": expired.apiKey } });
  await program.ask(`/api/wallet/balance?x-api-key=${key}`);
  await program.ask(`/api/wallet/balance/${key}`);
  await program.ask(`/wallet/keys/renew/${key}`);
  await program.json(
    "/api/wallet/transfer",
    { [key]: 1, amount: key },
    { "x-api-key": key, "idempotency-key": key },
  );
  return key;
}

function plantKey(aviary: Aviary, name: string, { text, number }: { text: string; number: number }): string {
  const key = /sk_live_[A-Za-z0-9_-]{20,}/.exec(text)?.[0] ?? "";
  invariant(key !== "", "a key is shown once");
  return aviary.plant("API key", key, name, number);
}

/** Both providers' webhooks as they shouldn't be: forged, and signed but about somebody's account and address. */
export async function sendWebhooks(
  { deployment, aviary, ear }: Stage,
  { email, account, phone }: Visitor,
): Promise<void> {
  const provider = new Browser(deployment.url, "a provider", ear);
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
  aviary.plant("server secret", sign(paystackSecretKey), null);
}
