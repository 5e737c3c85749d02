import { createHmac } from "node:crypto";
import { wrongCode } from "@/e2e/support/codes";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { agreeAtGoogle } from "@/e2e/support/google-sign-in";
import { invariant } from "@/lib/invariant";
import { type Client, type LoggedResponse, redirectOf } from "./client";
import { fillVault, moveByApi, topUp, transferTo, withdraw } from "./money-flows";
import { clientOf, type FlowContext, newPerson, type Person, pinOf, SESSION } from "./person";

const CODE_WITHIN_MS = 15_000;

/** Every flow of two people and their API clients, with an outage of the database. */
export async function runAllFlows(context: FlowContext): Promise<void> {
  await context.deployment.owner`delete from rate_limits`;
  const [sender, recipient] = [newPerson(context, "sender"), newPerson(context, "recipient")];
  for (const person of [sender, recipient]) await signUpAndIn(context, person);
  await topUp(context, sender);
  await transferTo(context, sender, recipient);
  await fillVault(sender);
  await withdraw(context, sender);
  const client = clientOf(context, `API client of ${sender.name}`);
  const access = await signInByGoogle(context, client);
  const key = await tryKeys(context, sender, { client, access });
  await moveByApi(context, sender, key);
  await sendWebhooks(context, sender);
  await sendMalformed(context, sender, { key, access });
  await sendDuringOutage(context, sender, { key, access });
}

/** Signs up by phone number, out and in again, once with a wrong code and a wrong password; then a PIN, wrong and right. */
async function signUpAndIn({ canaries, random, deployment }: FlowContext, person: Person): Promise<void> {
  const { browser, name, email, password, pin, phone } = person;
  const details = { email, password, firstName: "Awa", lastName: "S", phone };
  const keepCookie = ({ status, number }: LoggedResponse) => {
    invariant(status === 303, "a new person can sign up and in");
    canaries.add("session cookie", browser.cookies.get(SESSION) ?? "", name, number);
  };
  await browser.submit("/sign-up", "firstName", details);
  let code = "";
  const hasCome = await deployment.settle(async () => {
    const [newest] = deployment.sandbox.inbox.list({ channel: "sms", to: phone, limit: 1 });
    code = /\b[0-9]{6}\b/.exec(newest?.text ?? "")?.[0] ?? "";
    return code !== "";
  }, CODE_WITHIN_MS);
  invariant(hasCome, "an SMS with a code came");
  await browser.submit("/sign-up/code", "code", { code: wrongCode(code) });
  keepCookie(await browser.submit("/sign-up/code", "code", { code }));
  browser.cookies.delete(SESSION);
  await browser.submit("/sign-up", "firstName", { ...details, password: "another" });
  const wrong = canaries.add("password", `wrong ${random.hex(8)}`, name);
  await browser.submit("/sign-in", "password", { identifier: email, password: wrong });
  keepCookie(await browser.submit("/sign-in", "password", { identifier: email, password }));
  const chosen = await browser.submit("/wallet/settings/pin", "pinAgain", { pin, pinAgain: pin });
  invariant(chosen.status === 303, "a PIN can be set");
  const other = canaries.add("PIN", pinOf(random), name);
  await browser.submit("/wallet/settings/pin", "pinAgain", { currentPin: other, pin, pinAgain: other });
}

/** Signs an API client in through Google, refreshes its tokens and misuses them; then signs in through Google on the web. */
async function signInByGoogle(context: FlowContext, client: Client): Promise<string> {
  const { canaries, random } = context;
  const { name } = client;
  const email = canaries.add("e-mail", `google-${random.hex(6)}@example.test`, name);
  const agree = async (address: string) => {
    const back = await agreeAtGoogle(address, { email, firstName: "Awa", lastName: "S" });
    canaries.add("Google's code", back.searchParams.get("code") ?? "", null);
    return back.pathname + back.search;
  };
  const keepTokens = ({ body, number, status }: LoggedResponse) => {
    invariant(status === 200, "the response contains tokens");
    const { access, refresh } = JSON.parse(body) as { access: string; refresh: string };
    canaries.add("access token", access, name, number);
    canaries.add("refresh token", refresh, name, number);
    return { access, refresh };
  };
  const begun = await client.request("/api/auth/google");
  const { refresh } = keepTokens(await client.request(await agree(JSON.parse(begun.body).authorization_url)));
  const { access } = keepTokens(await client.json("/api/auth/refresh", { refresh }));
  await client.json("/api/auth/refresh", { refresh: `${refresh}x` });
  await client.request("/api/auth/me", { headers: { authorization: `Bearer ${access}x` } });
  await client.request(`/api/auth/me?access_token=${access}`);
  await client.request(`/api/auth/${access}`);
  const web = clientOf(context, name);
  const { number } = await web.request(await agree(redirectOf(await web.submit("/sign-in", "Google", {}))));
  canaries.add("session cookie", web.cookies.get(SESSION) ?? "", name, number);
  return access;
}

/** Creates API keys by page and by API, rolls one over, and sends keys in right and wrong places. Returns an active one. */
async function tryKeys(
  { deployment, canaries }: FlowContext,
  { browser, pin }: Person,
  { client, access }: { client: Client; access: string },
): Promise<string> {
  const headers = { authorization: `Bearer ${access}` };
  const keepKey = ({ name }: Client, { body, number }: LoggedResponse) => {
    const key = /sk_live_[A-Za-z0-9_-]{20,}/.exec(body)?.[0] ?? "";
    invariant(key !== "", "a key is shown once");
    return canaries.add("API key", key, name, number);
  };
  const form = { name: "caisse", read: "on", transfer: "on", expiry: "1D", pin };
  keepKey(browser, await browser.submit("/wallet/keys/new", "expiry", form));
  const body = { name: "kassa", permissions: ["deposit", "transfer", "read", "withdraw"], expiry: "1H" };
  const key = keepKey(client, await client.json("/api/keys/create", body, headers));
  const me = JSON.parse((await client.request("/api/auth/me", { headers })).body) as {
    wallet_number: string;
  };
  const [wallet] = await deployment.owner<{ user_id: string }[]>`
    select user_id from wallets where number = ${me.wallet_number}`;
  const expired = await insertExpiredKey(deployment.owner, BigInt(wallet?.user_id ?? 0));
  canaries.add("API key", expired.apiKey, client.name);
  const rollover = { expired_key_id: expired.keyId.toString(), expiry: "1H", pin };
  keepKey(client, await client.json("/api/keys/rollover", rollover, headers));
  await client.request("/api/keys/list", { headers });
  for (const sent of [key, expired.apiKey])
    await client.request("/api/wallet/balance", { headers: { "x-api-key": sent } });
  for (const path of [`balance?x-api-key=${key}`, `balance/${key}`])
    await client.request(`/api/wallet/${path}`);
  await client.request(`/wallet/keys/renew/${key}`);
  const misplaced = { "x-api-key": key, "idempotency-key": key };
  await client.json("/api/wallet/transfer", { [key]: 1, amount: key }, misplaced);
  return key;
}

/** Webhooks of both providers: with forged signatures, and signed ones that contain a bank account and an e-mail address. */
async function sendWebhooks(context: FlowContext, { email, account, phone }: Person): Promise<void> {
  const provider = clientOf(context, "a provider");
  const { GETMIPAY_WEBHOOK_SECRET: getmipay, PAYSTACK_SECRET_KEY: paystack } = context.deployment.secrets;
  const data = { reference: "TXN-222222222222", amount: 5, currency: "NGN", status: "success" };
  const whose = { customer: { email }, authorization: { account_number: account } };
  const body = JSON.stringify({ event: "charge.success", data: { ...data, ...whose } });
  const sign = (key: string) => createHmac("sha512", key).update(body).digest("hex");
  for (const signature of [sign(paystack), sign("guessed"), paystack])
    await provider.json("/api/wallet/paystack/webhook", body, { "x-paystack-signature": signature });
  const forged = { event: "payment.completed", data: { phone, secret: getmipay } };
  await provider.json("/webhook/getmipay", forged, { "x-signature": getmipay });
  await provider.json(`/webhook/getmipay?token=${getmipay}`, forged);
  context.canaries.add("server secret", sign(paystack), null);
}

interface Credentials {
  key: string;
  access: string;
}

/** Sends every secret in malformed requests; any response, or none, will do. */
async function sendMalformed(
  { deployment }: FlowContext,
  person: Person,
  { key, access }: Credentials,
): Promise<void> {
  const { browser, email, password, pin, phone } = person;
  const broken = `{"pin":"${pin}","password":"${password}","key":"${key}","phone":"${phone}`;
  const form = { "content-type": "multipart/form-data; boundary=x", origin: deployment.url };
  const post = (headers: Record<string, string>) => ({ method: "POST", body: Buffer.from(broken), headers });
  const headers = { authorization: `Bearer ${access}`, "idempotency-key": pin };
  await Promise.allSettled([
    ...["/api/wallet/transfer", "/api/auth/refresh", "/api/keys/create", "/webhook/getmipay"].map((path) =>
      browser.json(path, broken, headers),
    ),
    browser.request("/sign-in", post(form)),
    browser.request("/wallet", post({ ...form, "next-action": key })),
    browser.request(`/sign-in?email=${email}&pin=${pin}&key=${key}`),
  ]);
}

/** Sends every secret as a guest and as the signed-in person while the database is down. */
async function sendDuringOutage(
  context: FlowContext,
  person: Person,
  credentials: Credentials,
): Promise<void> {
  const { deployment } = context;
  const { browser, name, email, password, pin, phone, account } = person;
  const [apiKey, bearer] = [
    { "x-api-key": credentials.key },
    { authorization: `Bearer ${credentials.access}` },
  ];
  const guest = clientOf(context, name);
  const signIn = await guest.open("/sign-in", "password");
  const signUp = await guest.open("/sign-up", "firstName");
  const choosePin = await browser.open("/wallet/settings/pin", "pinAgain");
  const bank = { amount: 500, bank_code: "057", account_number: account };
  deployment.kill("database");
  await Promise.allSettled([
    signIn({ identifier: email, password }),
    signUp({ email: `x${email}`, password, firstName: "A", phone }),
    choosePin({ currentPin: pin, pin, pinAgain: pin }),
    browser.request("/wallet"),
    browser.request("/wallet/settings"),
    browser.json("/api/wallet/deposit", { amount: 500, currency: "XOF", method: "wave", phone }, apiKey),
    browser.json("/api/wallet/withdraw", bank, apiKey),
    browser.json("/api/keys/create", { name: "x", permissions: ["read"], expiry: "1H", pin }, bearer),
    browser.json("/api/auth/refresh", { refresh: credentials.access }),
    sendMalformed(context, person, credentials),
  ]);
  await deployment.revive("database");
  // A worker that has lost its database five times within a minute isn't started again by itself.
  deployment.kill("worker");
  await deployment.revive("worker");
  await deployment.settle(async () => (await fetch(`${deployment.url}/api/health/ready`)).ok, 60_000);
  invariant(browser.cookies.has(SESSION), "the session outlives the outage");
}
