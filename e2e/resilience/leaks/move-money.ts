import { invariant } from "@/lib/invariant";
import type { Deployment } from "../deployment";
import { Browser, hiddenOf, ledTo } from "./browser";
import type { Stage, Visitor } from "./visit";

const SESSION = "cauris.session";
// What a provider does wrong to withdrawals of so many francs, or naira: fails, errs before and after, answers garbage.
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

/** Tops up in both currencies, one of them with a method that the provider declines, and waits for the money. */
export async function topUp({ deployment }: Stage, { browser, phone }: Visitor): Promise<void> {
  const local = phone.slice(4);
  const francs = await browser.submit("/wallet/topup", "phone", {
    amount: "90000",
    phone: local,
    method: "wave",
  });
  await payAtSandbox(ledTo(francs));
  const naira = await browser.submit("/wallet/topup?currency=NGN", "amount", {
    amount: "90000",
    method: "card",
  });
  await payAtSandbox(ledTo(naira));
  await browser.submit("/wallet/topup", "phone", { amount: "1008", phone: local, method: "wave" });
  await browser.submit("/wallet/topup", "phone", { amount: "900", phone: "+22670000402", method: "wave" });
  const funded = await deployment.settle(async () => {
    const [row] = await deployment.owner<
      { count: string }[]
    >`select count(*) from operations where type = 'deposit' and state = 'succeeded'
      and wallet_id = (select wallets.id from wallets join users on users.id = user_id where phone = ${phone})`;
    return Number(row?.count ?? 0) >= 2;
  }, 60_000);
  invariant(funded, "what was paid arrives");
  for (const page of [
    "/wallet",
    "/wallet/transactions",
    "/wallet/settings",
    `/wallet/topup?phone=${encodeURIComponent(phone)}`,
  ]) {
    await browser.ask(page);
  }
}

/** Sends to somebody else with the PIN, wrong and right; the other one reads about it. */
export async function transferTo({ deployment }: Stage, sender: Visitor, recipient: Visitor): Promise<void> {
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
  const address = ledTo(review);
  await browser.submit(address, "quoteId", { pin: pin.split("").reverse().join("") });
  const sent = await browser.submit(address, "quoteId", { pin });
  invariant(sent.status === 303, "the right PIN sends");
  await browser.ask(ledTo(sent));
  for (const page of ["/wallet", "/wallet/transactions", "/en/wallet/transactions"])
    await recipient.browser.ask(page);
}

/** Withdraws to a phone and to a bank account, as it should be and through every failure of the provider. */
export async function withdraw(
  stage: Stage,
  { browser, phone, account, pin }: Visitor,
  isShort: boolean,
): Promise<void> {
  const confirm = async (address: string, typed: Record<string, string>) => {
    const review = await browser.submit(address, "amount", typed);
    if (review.status !== 303) return;
    const done = await browser.submit(ledTo(review), "quoteId", { pin });
    if (done.status === 303) await browser.ask(ledTo(done));
  };
  const few = (amounts: string[]) => (isShort ? amounts.slice(0, 1) : amounts);
  for (const amount of ["700", ...few(WRONG_FRANCS)]) {
    await confirm("/wallet/withdraw", { amount, phone: phone.slice(4), method: "wave" });
  }
  for (const amount of ["700", ...few(WRONG_NAIRA)]) {
    await confirm("/wallet/withdraw?currency=NGN", { amount, bankCode: "057", accountNumber: account });
  }
  await settleJobs(stage.deployment);
}

/** What the queue holds is done, or has failed for good. */
export async function settleJobs(deployment: Deployment): Promise<void> {
  await deployment.settle(async () => {
    const [jobs] = await deployment.owner<{ count: string }[]>`
      select count(*) from graphile_worker._private_jobs where attempts = 0`;
    return jobs?.count === "0";
  }, 60_000);
}

/** The same by a program with its key: transfers one by one and in a list, a withdrawal, a deposit, their history. */
export async function moveByApi(
  { deployment, ear }: Stage,
  { name, phone, account, note }: Visitor,
  key: string,
): Promise<void> {
  const program = new Browser(deployment.url, name, ear);
  const as = { "x-api-key": key };
  const francs = { currency: "XOF", method: "wave", phone };
  const deposit = await program.json("/api/wallet/deposit", { amount: 5000, ...francs }, as);
  const { authorization_url: address } = JSON.parse(deposit.text) as { authorization_url?: string };
  if (address) await payAtSandbox(address);
  await program.json("/api/wallet/deposit", { amount: 1010, ...francs, phone: `${phone}9` }, as);
  await program.json("/api/wallet/withdraw", { amount: 300, ...francs }, as);
  await program.json(
    "/api/wallet/withdraw",
    { amount: 30_000, bank_code: "057", account_number: account },
    as,
  );
  await program.json("/api/wallet/transfer", { wallet_number: "1234567890128", amount: 5, note }, as);
  await program.json(
    "/api/wallet/transfers",
    { transfers: [{ wallet_number: "1234567890128", amount: 5, note }] },
    as,
  );
  await program.ask(`/api/wallet/transactions?q=${encodeURIComponent(note)}`, { headers: as });
}

/** Opens a vault, fills and empties it. */
export async function fillVault(_stage: Stage, { browser, note }: Visitor): Promise<void> {
  const opened = await browser.submit("/wallet/vaults/new", "lockedUntil", {
    name: note,
    goal: "8000",
    lockedUntil: "",
  });
  const address = ledTo(opened).split("?", 1)[0] ?? "";
  await browser.submit(address, "put-amount", { amount: "100" });
  await browser.submit(address, "take-amount", { amount: "50" });
}

/** Every secret in a request that can't be read, and in ones that nobody answers while the database is away. */
export async function sendInVain(stage: Stage, visitor: Visitor, key: string, access: string): Promise<void> {
  const { browser, email, password, pin, phone } = visitor;
  const broken = `{"pin":"${pin}","password":"${password}","key":"${key}","phone":"${phone}`;
  const bearer = { authorization: `Bearer ${access}` };
  for (const path of ["/api/wallet/transfer", "/api/auth/refresh", "/api/keys/create", "/webhook/getmipay"]) {
    await browser.json(path, broken, { ...bearer, "idempotency-key": pin }).catch(() => {});
  }
  const multipart = { "content-type": "multipart/form-data; boundary=x", origin: stage.deployment.url };
  await browser.ask("/sign-in", { method: "POST", body: broken, headers: multipart }).catch(() => {});
  await browser
    .ask("/wallet", { method: "POST", body: broken, headers: { ...multipart, "next-action": key } })
    .catch(() => {});
  await browser.ask(`/sign-in?email=${email}&pin=${pin}&key=${key}`).catch(() => {});
}

/** As a guest and as the person, while there is no database. */
export async function sendDuringOutage(
  stage: Stage,
  visitor: Visitor,
  key: string,
  access: string,
): Promise<void> {
  const { deployment, ear } = stage;
  const { browser, name, email, password, pin, phone, account } = visitor;
  const guest = new Browser(deployment.url, name, ear);
  const [signIn, signUp] = [(await guest.ask("/sign-in")).text, (await guest.ask("/sign-up")).text];
  const pinPage = (await browser.ask("/wallet/settings/pin")).text;
  deployment.kill("database");
  const bearer = { authorization: `Bearer ${access}` };
  const money = { amount: 500, currency: "XOF", method: "wave", phone };
  await Promise.allSettled([
    guest.post("/sign-in", hiddenOf(signIn, "password"), { email, password }),
    guest.post("/sign-up", hiddenOf(signUp, "firstName"), {
      email: `x${email}`,
      password,
      firstName: "A",
      phone,
    }),
    browser.post("/wallet/settings/pin", hiddenOf(pinPage, "pinAgain"), {
      currentPin: pin,
      pin,
      pinAgain: pin,
    }),
    browser.ask("/wallet"),
    browser.ask("/wallet/settings"),
    browser.json("/api/wallet/deposit", money, { "x-api-key": key }),
    browser.json(
      "/api/wallet/withdraw",
      { amount: 500, bank_code: "057", account_number: account },
      { "x-api-key": key },
    ),
    browser.json("/api/keys/create", { name: "x", permissions: ["read"], expiry: "1H" }, bearer),
    browser.json("/api/auth/refresh", { refresh: access }),
    sendInVain(stage, visitor, key, access),
  ]);
  await deployment.revive("database");
  await deployment.settle(async () => (await fetch(`${deployment.url}/api/health/ready`)).ok, 60_000);
  invariant(browser.cookies.has(SESSION), "whoever was signed in still is");
}
