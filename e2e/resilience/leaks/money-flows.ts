import { invariant } from "@/lib/invariant";
import { redirectOf } from "./client";
import { clientOf, type FlowContext, type Person } from "./person";

async function payAtSandbox(address: string): Promise<void> {
  for (const action of ["confirm", "pay"]) {
    const body = new URLSearchParams({ action, pin: "0000" });
    await fetch(address, { method: "POST", redirect: "manual", body });
  }
}

/** Deposits in both currencies, also declined ones, and waits for the money. */
export async function topUp({ deployment }: FlowContext, { browser, phone }: Person): Promise<void> {
  const wave = { amount: "90000", phone: phone.slice(4), method: "wave" };
  const card = { amount: "90000", method: "card" };
  await payAtSandbox(redirectOf(await browser.submit("/wallet/topup", "phone", wave)));
  await payAtSandbox(redirectOf(await browser.submit("/wallet/topup?currency=NGN", "amount", card)));
  await browser.submit("/wallet/topup", "phone", { ...wave, amount: "1008" });
  await browser.submit("/wallet/topup", "phone", { ...wave, amount: "900", phone: "+22670000402" });
  const isFunded = await deployment.settle(async () => {
    const deposits = await deployment.owner`
      select from operations where type = 'deposit' and state = 'succeeded'
      and wallet_id = (select wallets.id from wallets join users on users.id = user_id where phone = ${phone})`;
    return deposits.length >= 2;
  }, 60_000);
  invariant(isFunded, "the deposits are credited");
  const filled = `/wallet/topup?phone=${encodeURIComponent(phone)}`;
  for (const page of ["/wallet", "/wallet/transactions", "/wallet/settings", filled])
    await browser.request(page);
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
  const typed = { walletNumber: wallet?.number ?? "", amount: "500", note };
  const address = redirectOf(await browser.submit("/wallet/transfer", "walletNumber", typed));
  await browser.submit(address, "quoteId", { pin: pin.split("").reverse().join("") });
  await browser.request(redirectOf(await browser.submit(address, "quoteId", { pin })));
  for (const page of ["/wallet", "/wallet/transactions", "/en/wallet/transactions"])
    await recipient.browser.request(page);
}

/** Creates a vault, puts money in and takes some out. */
export async function fillVault({ browser, note }: Person): Promise<void> {
  const typed = { name: note, goal: "8000", lockedUntil: "" };
  const opened = redirectOf(await browser.submit("/wallet/vaults/new", "lockedUntil", typed));
  const address = opened.split("?", 1)[0] ?? "";
  await browser.submit(address, "put-amount", { amount: "100" });
  await browser.submit(address, "take-amount", { amount: "50" });
}

// The first succeeds. The others select scenarios of the sandbox: payouts that fail, break off before or after they are
// accepted, or are answered with garbage.
const FRANCS = ["700", "2001", "2005", "2006", "2017"];
const NAIRA = ["700", "2001", "2005", "2017"];

/** Withdraws to a phone and to a bank account, successfully and through every failure of the provider. */
export async function withdraw({ deployment, isShort }: FlowContext, person: Person): Promise<void> {
  const { browser, phone, account, pin } = person;
  const few = (amounts: string[]) => (isShort ? amounts.slice(0, 2) : amounts);
  const forms = [
    ...few(FRANCS).map((amount) => ({ amount, phone: phone.slice(4), method: "wave" })),
    ...few(NAIRA).map((amount) => ({ amount, bankCode: "057", accountNumber: account })),
  ];
  for (const typed of forms) {
    const address = `/wallet/withdraw${"phone" in typed ? "" : "?currency=NGN"}`;
    const review = await browser.submit(address, "amount", typed);
    if (review.status !== 303) continue;
    const done = await browser.submit(redirectOf(review), "quoteId", { pin });
    if (done.status === 303) await browser.request(redirectOf(done));
  }
  await deployment.settle(async () => {
    const jobs = await deployment.owner`select from graphile_worker._private_jobs where attempts = 0`;
    return jobs.length === 0;
  }, 60_000);
}

/** Deposits, withdrawals, transfers, lists and history by an API client with a key. */
export async function moveByApi(context: FlowContext, person: Person, key: string): Promise<void> {
  const { name, phone, account, note } = person;
  const client = clientOf(context, name);
  const headers = { "x-api-key": key };
  const francs = { amount: 300, currency: "XOF", method: "wave", phone };
  const transfer = { wallet_number: "1234567890128", amount: 5, note };
  const deposit = await client.json("/api/wallet/deposit", { ...francs, amount: 5000 }, headers);
  const { authorization_url: address } = JSON.parse(deposit.body) as { authorization_url?: string };
  if (address) await payAtSandbox(address);
  for (const [call, body] of [
    ["deposit", { ...francs, amount: 1010, phone: `${phone}9` }],
    ["withdraw", francs],
    ["withdraw", { amount: 30_000, bank_code: "057", account_number: account }],
    ["transfer", transfer],
    ["transfers", { transfers: [transfer] }],
  ] as const)
    await client.json(`/api/wallet/${call}`, body, headers);
  await client.request(`/api/wallet/transactions?q=${encodeURIComponent(note)}`, { headers });
}
