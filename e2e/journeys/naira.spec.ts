import type { Page } from "@playwright/test";
import { SANDBOX_URL } from "@/e2e/support/deployment-addresses";
import { detail, expect, expectDetails, heading, test } from "@/e2e/support/journey";
import { PIN } from "@/e2e/support/pin-page";
import { transferPage } from "@/e2e/support/transfer-page";
import { containing, type Locale, pathIn, say, type Words } from "@/e2e/support/words";
import { accountName } from "@/lib/sandbox/paystack-banks";
import { groupWalletNumber } from "@/lib/ui/wallet-number";

const READ = {
  fr: { topUp: "5 000,00", sent: "2 000,00", left: "3 000,00" },
  en: { topUp: "5,000.00", sent: "2,000.00", left: "3,000.00" },
} as const;

const PAYSTACK = {
  fr: { pin: "Code secret", pay: "Payer", decline: "Simuler un refus de la banque", cancel: "Annuler" },
  en: { pin: "PIN", pay: "Pay", decline: "Play a bank that declines", cancel: "Cancel" },
} as const;

const SENT = {
  fr: {
    before: "5 000,00 ₦",
    amount: "1 500,50 ₦",
    left: "3 499,50 ₦",
    words: "mille cinq cents nairas et cinquante kobos",
  },
  en: {
    before: "₦5,000.00",
    amount: "₦1,500.50",
    left: "₦3,499.50",
    words: "one thousand five hundred naira and fifty kobo",
  },
} as const;

const ACCOUNT = "0123456789";
const BANK = { code: "057", name: "Zenith Bank" };

test("naira are paid in on Paystack's page and paid out to a bank account whose holder is shown first", async ({
  page,
  locale_: locale,
  words,
  open,
  person,
  deployment,
}) => {
  test.slow();
  const read = READ[locale];
  const paystack = PAYSTACK[locale];
  await deployment.givePin(person);

  await open("/wallet/topup");
  await page.getByRole("link", { name: words.form.currencies.NGN }).click();
  await expect(page.getByText(words.topup.leadOnPage)).toBeVisible();
  await page.getByRole("textbox", { name: words.form.amount }).fill("5 000");
  await page.getByRole("button", { name: words.topup.submit, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`^${SANDBOX_URL}/paystack/checkout/`));
  await page.getByLabel(paystack.pin).fill("0000");
  await page.getByRole("button", { name: paystack.pay, exact: true }).click();
  await expect(heading(page, words.topup.done.heading)).toBeVisible();
  await expect(page.getByText(read.topUp).first()).toBeVisible();

  await open("/wallet");
  await expect(page.getByText(words.overview.availableIn.NGN)).toBeVisible();
  await expect(page.getByRole("main").getByText(read.topUp).first()).toBeVisible();

  await page
    .getByRole("navigation", { name: words.overview.actions })
    .getByRole("link", { name: words.overview.withdraw })
    .click();
  await page.getByRole("link", { name: words.form.currencies.NGN }).click();
  await page.getByRole("textbox", { name: words.form.amount }).fill("2000");
  await page.getByLabel(words.withdraw.bank).selectOption(BANK.name);
  await page.getByLabel(words.withdraw.accountNumber).fill(ACCOUNT);
  await page.getByRole("button", { name: words.withdraw.submit, exact: true }).click();

  await expect(heading(page, words.withdraw.review.heading)).toBeVisible();
  const holder = accountName(BANK.code, ACCOUNT) ?? "";
  expect(holder).toMatch(/\S/);
  await expect(detail(page, words.withdraw.review.to)).toContainText(holder);
  await expect(detail(page, words.withdraw.review.to)).toContainText(BANK.name);
  await expect(detail(page, words.withdraw.review.method)).toHaveText(words.methods.bank);
  await expect(detail(page, words.withdraw.review.total)).toContainText(read.sent);
  await expect(detail(page, words.withdraw.review.balanceAfter)).toContainText(read.left);
  await page.getByLabel(words.pin.label, { exact: true }).fill(PIN);
  await page
    .getByRole("button", {
      name: new RegExp(escaped(say(words.withdraw.review.submit, { amount: "" })).trim()),
    })
    .click();
  await expect(heading(page, words.withdraw.done.heading)).toBeVisible();
  await expect(detail(page, words.operation.to)).toContainText(holder);
  await open("/wallet/transactions");
  await expect(
    page.getByRole("link", { name: `${words.kinds.withdrawal} · ${words.methods.bank}` }),
  ).toBeVisible();
});

test("a declined bank payment credits nothing, and the page says so and offers another try", async ({
  page,
  locale_: locale,
  words,
  open,
  person,
  deployment,
}) => {
  const paystack = PAYSTACK[locale];
  await open("/wallet/topup?currency=NGN");
  await page.getByRole("textbox", { name: words.form.amount }).fill("700");
  await page.getByRole("radio", { name: words.methods.card, exact: true }).check();
  await page.getByRole("button", { name: words.topup.submit, exact: true }).click();
  await page.getByLabel(paystack.pin).fill("0000");
  await page.getByRole("button", { name: paystack.decline }).click();
  // No webhook is sent: the person's return makes us query the provider.
  await expect(heading(page, words.topup.failed.heading)).toBeVisible();
  await page.getByRole("link", { name: words.topup.failed.again }).click();
  await expect(page).toHaveURL(pathIn(locale, "/wallet/topup?currency=NGN"));
  const [operation] = await deployment.operationsOf(person);
  expect([operation?.status, operation?.amount.currency]).toEqual(["failed", "NGN"]);
});

test("an unknown account, a missing bank and too little money are refused before anything is sent", async ({
  page,
  words,
  open,
  person,
  deployment,
}) => {
  await open("/wallet/withdraw?currency=NGN");
  const amount = page.getByRole("textbox", { name: words.form.amount });
  const account = page.getByLabel(words.withdraw.accountNumber);
  const submit = page.getByRole("button", { name: words.withdraw.submit, exact: true });
  await amount.fill("2000");
  await account.fill("12");
  await submit.click();
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toBeVisible();
  await expect(amount).toHaveValue("2000");
  // What is wrong is listed from top to bottom, as the fields stand.
  await amount.fill("1 000 001");
  await submit.click();
  await expect(alert.getByRole("link")).toHaveText([
    containing(words.fields.amount_above_max.split("{")[0]?.trim() ?? ""),
    words.fields.bank_required,
    words.fields.account_number_invalid,
  ]);
  await amount.fill("2000");
  await expect(account).toHaveValue("12");
  await page.getByLabel(words.withdraw.bank).selectOption(BANK.name);
  await account.fill(ACCOUNT);
  await submit.click();
  await expect(alert).toContainText(words.fields.insufficient_funds);
  await expect(page.getByLabel(words.withdraw.bank)).toHaveValue(BANK.code);
  expect(await deployment.operationsOf(person)).toEqual([]);
});

test("a transfer in naira is reviewed, confirmed with the PIN, and shown to both people with a receipt", {
  tag: "@once",
}, async ({ page, browser, locale_: locale, words, open, person, deployment }) => {
  test.slow();
  const read = SENT[locale];
  const { review } = words.transfer;
  const transfer = transferPage(page, words, open);
  await deployment.fundNaira(person, 500_000n);
  await deployment.fund(person, 700n);
  const recipient = await deployment.createPerson(undefined, "Chinedu");
  await deployment.givePin(person);

  // People who have nairas are offered that currency.
  await transfer.open();
  await page
    .getByRole("navigation", { name: words.form.currency })
    .getByRole("link", { name: words.form.currencies.NGN })
    .click();
  await expect(
    page.getByText(containing(say(words.transfer.availableNow, { balance: read.before }))),
  ).toBeVisible();
  await transfer.fill({ walletNumber: recipient.walletNumber, amount: "1,500.50", note: "School fees" });
  await transfer.submit.click();
  await expectDetails(page, [
    [review.to, "Chinedu S."],
    [review.amount, read.amount],
    [review.total, read.amount],
    [review.inWords, read.words],
    [review.balanceAfter, read.left],
  ]);

  // Editing keeps currency and kobo.
  await page.getByRole("main").getByRole("link", { name: review.edit }).click();
  await expect(page.getByLabel(`${words.form.amount} (₦)`)).toHaveValue("1,500.50");
  await transfer.submit.click();
  await transfer.pin.fill(PIN);
  await transfer.confirm(read.amount).click();

  await expect(heading(page, words.receipts.sent.heading)).toBeVisible();
  const { operation } = words;
  const sentence = say(words.receipts.sent.text, { amount: read.amount, name: "Chinedu S." });
  await expect(page.getByText(containing(sentence))).toBeVisible();
  await expect(detail(page, operation.amount)).toHaveText(read.amount);
  await expect(detail(page, operation.totalCharged)).toHaveText(read.amount);
  await expect(detail(page, operation.inWords)).toHaveText(read.words);
  await expect(detail(page, operation.to)).toContainText("Chinedu S.");
  await expect(detail(page, operation.to)).toContainText(groupWalletNumber(recipient.walletNumber));
  await expect(detail(page, operation.note)).toHaveText("School fees");
  const reference = page.url().split("/").at(-1) ?? "";

  await open("/wallet");
  await expect(page.getByRole("main")).toContainText(read.left);
  // Francs are another balance.
  const francs = page.getByRole("region", { name: words.overview.available, exact: true });
  await expect(francs).toContainText("700");
  const sent = page
    .getByRole("link")
    .filter({ hasText: say(words.kinds.transfer_out, { name: "Chinedu S." }) });
  await expect(sent).toContainText(`− ${read.amount}`);

  const elsewhere = await browser.newContext();
  await elsewhere.addCookies([recipient.cookie]);
  await expectReceived(await elsewhere.newPage(), { words, locale, reference, amount: read.amount });
  await elsewhere.close();
});

interface Received {
  words: Words;
  locale: Locale;
  reference: string;
  amount: string;
}

/** The recipient's overview and receipt of a transfer that Aminata sent. */
async function expectReceived(page: Page, { words, locale, reference, amount }: Received): Promise<void> {
  const { operation } = words;
  await page.goto(pathIn(locale, "/wallet"));
  await expect(page.getByRole("main")).toContainText(words.overview.availableIn.NGN);
  await expect(page.getByRole("main")).toContainText(amount);
  const received = page
    .getByRole("link")
    .filter({ hasText: say(words.kinds.transfer_in, { name: "Aminata S." }) });
  await expect(received).toContainText(`+ ${amount}`);
  await received.click();
  await expect(page).toHaveURL(new RegExp(`/${reference}$`));
  await expect(heading(page, words.receipts.received.heading)).toBeVisible();
  await expect(detail(page, operation.amount)).toHaveText(amount);
  await expect(detail(page, operation.from)).toContainText("Aminata S.");
  await expect(detail(page, operation.note)).toHaveText("School fees");
  // The sender's total isn't shown to the recipient.
  await expect(detail(page, operation.totalCharged)).toHaveCount(0);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
