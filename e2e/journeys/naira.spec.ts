import { accountName } from "@/lib/sandbox/paystack-banks";
import { expect, fact, heading, test } from "../fixtures/journey";
import { SANDBOX_URL } from "../fixtures/place";
import { pathIn, say } from "../fixtures/words";

const READ = {
  fr: { topUp: "5 000,00", sent: "2 000,00", left: "3 000,00" },
  en: { topUp: "5,000.00", sent: "2,000.00", left: "3,000.00" },
} as const;

const PAYSTACK = {
  fr: { pin: "Code secret", pay: "Payer", decline: "Simuler un refus de la banque", cancel: "Annuler" },
  en: { pin: "PIN", pay: "Pay", decline: "Play a bank that declines", cancel: "Cancel" },
} as const;

const ACCOUNT = "0123456789";
const BANK = { code: "057", name: "Zenith Bank" };

test("naira come in by Paystack's page and go out to a bank account whose holder is named first", async ({
  page,
  locale_: locale,
  words,
  open,
  person,
}) => {
  test.slow();
  const read = READ[locale];
  const paystack = PAYSTACK[locale];

  await open("/wallet/topup");
  await page.getByRole("link", { name: words.form.currencies.NGN }).click();
  await expect(page.getByText(words.topup.leadNaira)).toBeVisible();
  await page.getByRole("textbox", { name: words.form.amount }).fill("5 000");
  await page.getByRole("button", { name: words.topup.submit, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`^${SANDBOX_URL}/paystack/checkout/`));
  await page.getByLabel(paystack.pin).fill("0000");
  await page.getByRole("button", { name: paystack.pay, exact: true }).click();
  await expect(heading(page, words.topup.done.heading)).toBeVisible();
  await expect(page.getByText(read.topUp).first()).toBeVisible();

  await open("/wallet");
  await expect(page.getByText(words.overview.availableNaira)).toBeVisible();
  await expect(page.getByRole("main").getByText(read.topUp).first()).toBeVisible();

  await page.getByRole("navigation").getByRole("link", { name: words.overview.withdraw }).click();
  await page.getByRole("link", { name: words.form.currencies.NGN }).click();
  await page.getByRole("textbox", { name: words.form.amount }).fill("2000");
  await page.getByLabel(words.withdraw.bank).selectOption(BANK.name);
  await page.getByLabel(words.withdraw.accountNumber).fill(ACCOUNT);
  await page.getByRole("button", { name: words.withdraw.submit, exact: true }).click();

  await expect(heading(page, words.withdraw.review.heading)).toBeVisible();
  const holder = accountName(BANK.code, ACCOUNT) ?? "";
  expect(holder).toMatch(/\S/);
  await expect(fact(page, words.withdraw.review.to)).toContainText(holder);
  await expect(fact(page, words.withdraw.review.to)).toContainText(BANK.name);
  await expect(fact(page, words.withdraw.review.total)).toContainText(read.sent);
  await expect(fact(page, words.withdraw.review.balanceAfter)).toContainText(read.left);
  await page
    .getByRole("button", {
      name: new RegExp(escaped(say(words.withdraw.review.submit, { amount: "" })).trim()),
    })
    .click();
  await expect(heading(page, words.withdraw.done.heading)).toBeVisible();
  await expect(fact(page, words.operation.to)).toContainText(holder);
  expect(person.email).toMatch(/@/);
});

test("a bank that declines leaves nothing behind but a word and a way on", async ({
  page,
  locale_: locale,
  words,
  open,
  person,
  house,
}) => {
  const paystack = PAYSTACK[locale];
  await open("/wallet/topup?currency=NGN");
  await page.getByRole("textbox", { name: words.form.amount }).fill("700");
  await page.getByRole("radio", { name: words.methods.card, exact: true }).check();
  await page.getByRole("button", { name: words.topup.submit, exact: true }).click();
  await page.getByLabel(paystack.pin).fill("0000");
  await page.getByRole("button", { name: paystack.decline }).click();
  // No webhook tells it: whoever comes back has us ask.
  await expect(heading(page, words.topup.failed.heading)).toBeVisible();
  await page.getByRole("link", { name: words.topup.failed.again }).click();
  await expect(page).toHaveURL(pathIn(locale, "/wallet/topup?currency=NGN"));
  const [operation] = await house.operationsOf(person);
  expect([operation?.status, operation?.amount.currency]).toEqual(["failed", "NGN"]);
});

test("an account that nobody has, a missing bank and too little money are said before anything is sent", async ({
  page,
  words,
  open,
  person,
  house,
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
  await expect(account).toHaveValue("12");
  await page.getByLabel(words.withdraw.bank).selectOption(BANK.name);
  await account.fill(ACCOUNT);
  await submit.click();
  await expect(alert).toContainText(words.fields.insufficient_funds);
  await expect(page.getByLabel(words.withdraw.bank)).toHaveValue(BANK.code);
  expect(await house.operationsOf(person)).toEqual([]);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
