import { invariant } from "@/lib/invariant";
import type { Deployment } from "../deployment";
import type { FlowContext, Person } from "./access-flows";
import { Browser, hiddenFieldsOf, redirectOf } from "./browser";

const SESSION = "cauris.session";
// Amounts that select scenarios of the sandbox: payouts that fail, break off before or after they are accepted, or are answered with garbage.
const WRONG_FRANCS = ["2001", "2005", "2006", "2017"];
const WRONG_NAIRA = ["2001", "2005", "2017"];

async function payAtSandbox(address: string): Promise<void> {
  for (const action of ["confirm", "pay"]) {
    await fetch(address, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ action, pin: "0000" }),
    });
  }
}

/** Deposits in both currencies, also declined ones, and waits for the money. */
export async function topUp({ deployment }: FlowContext, { browser, phone }: Person): Promise<void> {
  const local = phone.slice(4);
  const francs = await browser.submit("/wallet/topup", "phone", {
    amount: "90000",
    phone: local,
    method: "wave",
  });
  await payAtSandbox(redirectOf(francs));
  const naira = await browser.submit("/wallet/topup?currency=NGN", "amount", {
    amount: "90000",
    method: "card",
  });
  await payAtSandbox(redirectOf(naira));
  await browser.submit("/wallet/topup", "phone", { amount: "1008", phone: local, method: "wave" });
  await browser.submit("/wallet/topup", "phone", { amount: "900", phone: "+22670000402", method: "wave" });
  const funded = await deployment.settle(async () => {
    const [row] = await deployment.owner<
      { count: string }[]
    >`select count(*) from operations where type = 'deposit' and state = 'succeeded'
      and wallet_id = (select wallets.id from wallets join users on users.id = user_id where phone = ${phone})`;
    return Number(row?.count ?? 0) >= 2;
  }, 60_000);
  invariant(funded, "the deposits are credited");
  for (const page of [
    "/wallet",
    "/wallet/transactions",
    "/wallet/settings",
    `/wallet/topup?phone=${encodeURIComponent(phone)}`,
  ]) {
    await browser.request(page);
  }
}

/** Transfers with a wrong and the right PIN; the recipient reads their pages. */
export async function transferTo(
  { deployment }: FlowContext,
  sender: Person,
  recipient: Person,
): Promise<void> {
  const { browser, pin, note } = sender;
  const [wallet] = await deployment.owner<{ number: string }[]>`
    select number from wallets join users on users.id = user_id where email = ${recipient.email}`;
  const walletNumber = wallet?.number ?? "";
  const review = await browser.submit("/wallet/transfer", "walletNumber", {
    walletNumber,
    amount: "500",
    note,
  });
  invariant(review.status === 303, "a transfer leads to its review");
  const address = redirectOf(review);
  await browser.submit(address, "quoteId", { pin: pin.split("").reverse().join("") });
  const sent = await browser.submit(address, "quoteId", { pin });
  invariant(sent.status === 303, "the right PIN sends");
  await browser.request(redirectOf(sent));
  for (const page of ["/wallet", "/wallet/transactions", "/en/wallet/transactions"])
    await recipient.browser.request(page);
}

/** Withdraws to a phone and to a bank account, successfully and through every failure of the provider. */
export async function withdraw(
  context: FlowContext,
  { browser, phone, account, pin }: Person,
  isShort: boolean,
): Promise<void> {
  const confirm = async (address: string, typed: Record<string, string>) => {
    const review = await browser.submit(address, "amount", typed);
    if (review.status !== 303) return;
    const done = await browser.submit(redirectOf(review), "quoteId", { pin });
    if (done.status === 303) await browser.request(redirectOf(done));
  };
  const few = (amounts: string[]) => (isShort ? amounts.slice(0, 1) : amounts);
  for (const amount of ["700", ...few(WRONG_FRANCS)]) {
    await confirm("/wallet/withdraw", { amount, phone: phone.slice(4), method: "wave" });
  }
  for (const amount of ["700", ...few(WRONG_NAIRA)]) {
    await confirm("/wallet/withdraw?currency=NGN", { amount, bankCode: "057", accountNumber: account });
  }
  await settleJobs(context.deployment);
}

/** Waits until every job has been attempted. */
async function settleJobs(deployment: Deployment): Promise<void> {
  await deployment.settle(async () => {
    const [jobs] = await deployment.owner<{ count: string }[]>`
      select count(*) from graphile_worker._private_jobs where attempts = 0`;
    return jobs?.count === "0";
  }, 60_000);
}

/** The same by an API client with a key: deposits, withdrawals, transfers, lists and history. */
export async function moveByApi(
  { deployment, responses }: FlowContext,
  { name, phone, account, note }: Person,
  key: string,
): Promise<void> {
  const client = new Browser(deployment.url, name, responses);
  const as = { "x-api-key": key };
  const francs = { currency: "XOF", method: "wave", phone };
  const deposit = await client.json("/api/wallet/deposit", { amount: 5000, ...francs }, as);
  const { authorization_url: address } = JSON.parse(deposit.text) as { authorization_url?: string };
  if (address) await payAtSandbox(address);
  await client.json("/api/wallet/deposit", { amount: 1010, ...francs, phone: `${phone}9` }, as);
  await client.json("/api/wallet/withdraw", { amount: 300, ...francs }, as);
  await client.json(
    "/api/wallet/withdraw",
    { amount: 30_000, bank_code: "057", account_number: account },
    as,
  );
  await client.json("/api/wallet/transfer", { wallet_number: "1234567890128", amount: 5, note }, as);
  await client.json(
    "/api/wallet/transfers",
    { transfers: [{ wallet_number: "1234567890128", amount: 5, note }] },
    as,
  );
  await client.request(`/api/wallet/transactions?q=${encodeURIComponent(note)}`, { headers: as });
}

/** Creates a vault, puts money in and takes some out. */
export async function fillVault(_context: FlowContext, { browser, note }: Person): Promise<void> {
  const opened = await browser.submit("/wallet/vaults/new", "lockedUntil", {
    name: note,
    goal: "8000",
    lockedUntil: "",
  });
  const address = redirectOf(opened).split("?", 1)[0] ?? "";
  await browser.submit(address, "put-amount", { amount: "100" });
  await browser.submit(address, "take-amount", { amount: "50" });
}

/** Sends every secret in malformed requests. */
export async function sendMalformed(
  context: FlowContext,
  person: Person,
  key: string,
  access: string,
): Promise<void> {
  const { browser, email, password, pin, phone } = person;
  const broken = `{"pin":"${pin}","password":"${password}","key":"${key}","phone":"${phone}`;
  const bearer = { authorization: `Bearer ${access}` };
  for (const path of ["/api/wallet/transfer", "/api/auth/refresh", "/api/keys/create", "/webhook/getmipay"]) {
    await browser.json(path, broken, { ...bearer, "idempotency-key": pin }).catch(() => {});
  }
  const multipart = { "content-type": "multipart/form-data; boundary=x", origin: context.deployment.url };
  await browser.request("/sign-in", { method: "POST", body: broken, headers: multipart }).catch(() => {});
  await browser
    .request("/wallet", { method: "POST", body: broken, headers: { ...multipart, "next-action": key } })
    .catch(() => {});
  await browser.request(`/sign-in?email=${email}&pin=${pin}&key=${key}`).catch(() => {});
}

/** Sends every secret as a guest and as the signed-in person while the database is down. */
export async function sendDuringOutage(
  context: FlowContext,
  person: Person,
  key: string,
  access: string,
): Promise<void> {
  const { deployment, responses } = context;
  const { browser, name, email, password, pin, phone, account } = person;
  const guest = new Browser(deployment.url, name, responses);
  const [signIn, signUp] = [(await guest.request("/sign-in")).text, (await guest.request("/sign-up")).text];
  const pinPage = (await browser.request("/wallet/settings/pin")).text;
  deployment.kill("database");
  const bearer = { authorization: `Bearer ${access}` };
  const money = { amount: 500, currency: "XOF", method: "wave", phone };
  await Promise.allSettled([
    guest.post("/sign-in", hiddenFieldsOf(signIn, "password"), { email, password }),
    guest.post("/sign-up", hiddenFieldsOf(signUp, "firstName"), {
      email: `x${email}`,
      password,
      firstName: "A",
      phone,
    }),
    browser.post("/wallet/settings/pin", hiddenFieldsOf(pinPage, "pinAgain"), {
      currentPin: pin,
      pin,
      pinAgain: pin,
    }),
    browser.request("/wallet"),
    browser.request("/wallet/settings"),
    browser.json("/api/wallet/deposit", money, { "x-api-key": key }),
    browser.json(
      "/api/wallet/withdraw",
      { amount: 500, bank_code: "057", account_number: account },
      { "x-api-key": key },
    ),
    browser.json("/api/keys/create", { name: "x", permissions: ["read"], expiry: "1H" }, bearer),
    browser.json("/api/auth/refresh", { refresh: access }),
    sendMalformed(context, person, key, access),
  ]);
  await deployment.revive("database");
  await deployment.settle(async () => (await fetch(`${deployment.url}/api/health/ready`)).ok, 60_000);
  invariant(browser.cookies.has(SESSION), "the session outlives the outage");
}
