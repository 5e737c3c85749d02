import { expect, type Page } from "@playwright/test";
import { createReceiptLink } from "@/lib/services/receipts/create-receipt-link";
import { revokeReceiptLink } from "@/lib/services/receipts/revoke-receipt-link";
import type { OrderPage } from "./order-page";
import type { Deployment, Person } from "./started-deployment";
import type { Locale, Words } from "./words";

/** The page and the person of a visit. */
export interface Visit {
  page: Page;
  locale: Locale;
  words: Words;
  open: (address: string) => Promise<void>;
  topUp: OrderPage;
  withdraw: OrderPage;
  person: Person;
  deployment: Deployment;
}

const NOTE = "Pour le riz, l’huile et le savon de la tontine de novembre";
const VAULT = "La rentrée des enfants à Bobo-Dioulasso";

async function fillNairaWithdrawal({ page, words, open }: Visit, accountNumber: string): Promise<void> {
  await open("/wallet/withdraw?currency=NGN");
  await page.getByRole("textbox", { name: words.form.amount }).fill("987,654.50");
  await page.getByLabel(words.withdraw.bank).selectOption("057");
  await page.getByLabel(words.withdraw.accountNumber).fill(accountNumber);
  await page.getByRole("button", { name: words.withdraw.submit, exact: true }).click();
}

/** A transfer that `person` sent or received. Returns its reference. */
async function sendTransfer({ deployment, person }: Visit, side: "sent" | "received"): Promise<string> {
  const other = await deployment.createPerson(undefined, "Marie-Bernadette");
  const [sender, recipient] = side === "sent" ? [person, other] : [other, person];
  await deployment.fund(sender, 1_250_000n);
  return await deployment.send(sender, recipient, 1_234_567n, NOTE);
}

async function receiptIs({ page }: Visit, heading: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
}

/** Visits of pages in naira, and of receipts. */
export const NAIRA_AND_RECEIPTS: Record<string, (visit: Visit) => Promise<void>> = {
  "overview-two-currencies": async ({ deployment, person, open, page, words }) => {
    await deployment.fund(person, 128_450n);
    await deployment.openVault(person, VAULT, 28_000n);
    await deployment.send(person, await deployment.createPerson(undefined, "Moussa"), 2_000n);
    await deployment.fundNaira(person, 123_456_750n);
    await open("/wallet");
    await expect(page.getByText(words.overview.availableIn.NGN)).toBeVisible();
  },
  "top-up-naira": ({ open }) => open("/wallet/topup?currency=NGN&amount=5000"),
  "top-up-naira-refused": async ({ open, page, words }) => {
    await open("/wallet/topup?currency=NGN");
    await page.getByRole("textbox", { name: words.form.amount }).fill("5.000");
    await page.getByRole("button", { name: words.topup.submit, exact: true }).click();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  "top-up-naira-done": async ({ open, deployment, person }) =>
    open(`/wallet/topup/${await deployment.fundNaira(person, 123_456_750n)}`),
  "withdraw-naira": async ({ open, deployment, person }) => {
    await deployment.fundNaira(person, 750_000n);
    await open("/wallet/withdraw?currency=NGN");
  },
  "withdraw-naira-refused": async (visit) => {
    await fillNairaWithdrawal(visit, "12");
    await expect(visit.page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  "withdraw-naira-review": async (visit) => {
    await visit.deployment.fundNaira(visit.person, 200_000_000n);
    await fillNairaWithdrawal(visit, "0123456789");
    await receiptIs(visit, visit.words.withdraw.review.heading);
  },
  "receipt-transfer-sent": async (visit) => {
    const { deployment, person, words } = visit;
    const reference = await sendTransfer(visit, "sent");
    await createReceiptLink(deployment.contextOf(person), reference);
    await visit.open(`/wallet/transactions/${reference}?link=made`);
    await receiptIs(visit, words.receipts.sent.heading);
  },
  "receipt-shared": async (visit) => {
    const { deployment, person, words } = visit;
    const { token } = await createReceiptLink(
      deployment.contextOf(person),
      await sendTransfer(visit, "sent"),
    );
    await visit.open(`/v/${token}`);
    await receiptIs(visit, words.sharedReceipt.heading.done);
  },
  "receipt-link-ended": async (visit) => {
    const context = visit.deployment.contextOf(visit.person);
    const { id, token } = await createReceiptLink(context, await sendTransfer(visit, "received"));
    await revokeReceiptLink(context, id);
    await visit.open(`/v/${token}`);
    await receiptIs(visit, visit.words.sharedReceipt.endedHeading);
  },
  "receipt-transfer-received": async (visit) => {
    await visit.open(`/wallet/transactions/${await sendTransfer(visit, "received")}`);
    await receiptIs(visit, visit.words.receipts.received.heading);
  },
  "receipt-vault-in": async (visit) => {
    await visit.deployment.fund(visit.person, 10_000n);
    const { put } = await visit.deployment.openVault(visit.person, VAULT, 6_000n);
    await visit.open(`/wallet/transactions/${put}`);
    await receiptIs(visit, visit.words.receipts.vaultIn.heading);
  },
  "receipt-vault-out": async (visit) => {
    await visit.deployment.fund(visit.person, 10_000n);
    const { taken } = await visit.deployment.openVault(visit.person, VAULT, 6_000n, { taken: 1_500n });
    await visit.open(`/wallet/transactions/${taken}`);
    await receiptIs(visit, visit.words.receipts.vaultOut.heading);
  },
};
