import type { Page } from "@playwright/test";
import { wrongCode } from "@/e2e/support/codes";
import { detail, expect, expectDetails, heading, listedReferences, test } from "@/e2e/support/journey";
import { acceptedWithdrawal, confirmButton, confirmWithdrawal } from "@/e2e/support/order-page";
import { choosePin, PIN } from "@/e2e/support/pin-page";
import { newNumber, readSmsCode } from "@/e2e/support/sandbox-messages";
import { paymentPage } from "@/e2e/support/sandbox-page";
import type { Deployment } from "@/e2e/support/started-deployment";
import {
  francs,
  francsInWords,
  type Locale,
  pathIn,
  say,
  signedFrancs,
  type Words,
} from "@/e2e/support/words";
import { groupReference } from "@/lib/ids";

/** Amounts as literals, independent of the product's own formatting. */
/** The colour of a page's main action, in the light theme. */
const OCHRE = "rgb(201, 119, 26)";

const READ = {
  fr: { deposited: "5 000 FCFA", left: "3 000 FCFA", words: "deux mille francs" },
  en: { deposited: "FCFA 5,000", left: "FCFA 3,000", words: "two thousand francs" },
} as const;

/** Signs up from the landing page with a phone number alone, as Mariam, with the code of the SMS; a wrong one is refused first. */
async function signUp(page: Page, words: Words, locale: Locale, phone: string): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: words.landing.signUp }).first().click();
  await page.getByLabel(words.signUp.firstName, { exact: true }).fill("Mariam");
  // As people write it at home.
  await page.getByLabel(words.form.country).selectOption("BF");
  await page.getByLabel(words.signUp.phone).fill(phone.slice(5));
  await page.getByLabel(words.signUp.password).fill("le mil pousse");
  await page.getByRole("button", { name: words.signUp.submit }).click();
  await expect(heading(page, words.codes.heading.phone)).toBeVisible();
  // Neither the number nor anything else stands in the address.
  await expect(page).toHaveURL(pathIn(locale, "/sign-up/code"));
  const code = await readSmsCode(phone.replaceAll(" ", ""));
  const typed = page.getByLabel(words.codes.code);
  await typed.fill(wrongCode(code));
  await page.getByRole("button", { name: words.signUp.submit }).click();
  const wrong = locale === "fr" ? "Il reste 4 essais" : "4 tries are left";
  await expect(page.getByRole("main").getByRole("alert")).toContainText(wrong);
  await expect(typed).toHaveValue("");
  await typed.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByRole("button", { name: words.signUp.submit }).click();
}

/** Pays on the sandbox's page, with a wrong PIN first. */
async function payAtSecondTry(page: Page, locale: Locale): Promise<void> {
  const payment = paymentPage(page, locale);
  await payment.isOpen();
  await payment.pay("1234");
  await expect(payment.wrongPin).toBeVisible();
  await payment.pay();
}

/** In the provider's own records, 5,000 francs came in once and 2,000 went out once. */
async function expectPaidOnce(
  deployment: Deployment,
  { deposit, withdrawal }: { deposit: string; withdrawal: string },
): Promise<void> {
  const book = await deployment.book();
  const paidIn = book.collections.filter(({ reference }) => reference === deposit);
  expect(paidIn).toMatchObject([{ method: "wave", state: "completed", timesPaid: 1, paidAmount: 5_000 }]);
  const paidOut = book.payouts.filter(({ reference }) => reference === withdrawal);
  expect(paidOut).toMatchObject([
    { method: "orange_money", state: "completed", timesPaid: 1, paidAmount: 2_000 },
  ]);
}

test("somebody new signs up, tops up by Wave, withdraws to Orange Money, and the provider's records agree", {
  tag: "@smoke",
}, async ({ page, locale_: locale, words, open, topUp, withdraw, deployment }) => {
  test.slow();
  const read = READ[locale];

  await open("/");
  const phone = newNumber();
  await signUp(page, words, locale, phone);
  await expect(page).toHaveURL(pathIn(locale, "/wallet"));
  await expect(page.getByText(words.overview.empty)).toBeVisible();

  // The empty overview offers a top-up, and the form has the person's own number.
  await page.getByRole("main").getByRole("link", { name: words.overview.topup }).first().click();
  await expect(topUp.phone).toHaveValue(new RegExp(`^\\${phone.replaceAll(" ", "\\s")}$`));
  await topUp.fill({ amount: "5 000", method: "Wave" });
  await topUp.submit.click();

  await payAtSecondTry(page, locale);
  await expect(heading(page, words.topup.done.heading)).toBeVisible();
  const balance = say(words.topup.done.balance, { balance: read.deposited });
  await expect(page.getByText(balance)).toBeVisible();

  await page.getByRole("link", { name: words.topup.done.home }).click();
  await page
    .getByRole("navigation", { name: words.overview.actions })
    .getByRole("link", { name: words.overview.withdraw })
    .click();
  await expect(page.getByText(say(words.withdraw.availableNow, { balance: read.deposited }))).toBeVisible();
  await withdraw.fill({ amount: "2000", method: "Orange Money" });
  await withdraw.submit.click();

  await expect(heading(page, words.withdraw.review.heading)).toBeVisible();
  const review = words.withdraw.review;
  await expectDetails(page, [
    [review.to, phone],
    [review.method, "Orange Money"],
    [review.amount, francs(2_000, locale)],
    [review.fee, review.noFee],
    [review.total, francs(2_000, locale)],
    [review.inWords, read.words],
    [review.balanceAfter, read.left],
  ]);

  // Nobody withdraws without a PIN: the page leads to choosing one, and back.
  await expect(page.getByText(words.pin.needed)).toBeVisible();
  await expect(confirmButton(page, words, francs(2_000, locale))).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: words.pin.heading }).click();
  await choosePin(page, words, PIN);
  await expect(heading(page, review.heading)).toBeVisible();
  await confirmWithdrawal(page, words, francs(2_000, locale));

  await expect(acceptedWithdrawal(page, words)).toBeVisible();
  const operation = page.url();
  await expect(heading(page, words.withdraw.done.heading)).toBeVisible();
  expect(page.url(), "it settled on the same page, by itself").toBe(operation);

  await page.getByRole("link", { name: words.operation.back }).click();
  await expect(heading(page, words.history.heading)).toBeVisible();
  const [withdrawal = "", deposit = "", ...others] = await listedReferences(page);
  expect(others).toEqual([]);
  await expect(page.getByText(signedFrancs(-2_000, locale))).toBeVisible();
  await expect(page.getByText(signedFrancs(5_000, locale))).toBeVisible();

  await page
    .getByRole("link")
    .filter({ hasText: signedFrancs(5_000, locale) })
    .click();
  await expectDetails(page, [
    [words.operation.reference, groupReference(deposit)],
    [words.operation.state, words.states.done],
    [words.operation.amount, francs(5_000, locale)],
    [words.operation.inWords, francsInWords(5_000, locale)],
  ]);
  await expect(detail(page, words.operation.from)).toContainText("Wave");
  await expect(detail(page, words.operation.to)).toContainText("Mariam");

  await open("/wallet");
  await expect(page.getByRole("region", { name: words.overview.available })).toContainText(
    read.left.replace(/\s?FCFA\s?/, ""),
  );

  await expectPaidOnce(deployment, { deposit, withdrawal });
});

test("an open page shows by itself that the money has arrived", async ({
  page,
  context,
  locale_: locale,
  words,
  open,
  topUp,
  person,
  deployment,
}) => {
  await topUp.open();
  await topUp.fill({ amount: "5000", phone: "70 12 34 56", method: "Wave" });
  await topUp.submit.click();
  const payment = paymentPage(page, locale);
  await payment.isOpen();

  const [operation] = await deployment.operationsOf(person);
  const left = await context.newPage();
  await left.goto(pathIn(locale, `/wallet/topup/${operation?.reference}`));
  await expect(heading(left, words.topup.wait.heading)).toBeVisible();
  await expect(left.getByText(words.topup.wait.updates)).toBeVisible();
  await expect(left.getByText(words.topup.wait.close)).toBeVisible();
  const pay = left.getByRole("link", { name: words.topup.wait.pay });
  await expect(pay).toHaveAttribute("href", page.url());
  await expect(pay).toHaveCSS("background-color", OCHRE);
  // Back from the payment page, paying again is no longer the main action.
  await left.goto(pathIn(locale, `/wallet/topup/${operation?.reference}?returned=1`));
  await expect(pay).toBeVisible();
  await expect(pay).not.toHaveCSS("background-color", OCHRE);

  await payment.pay();
  await expect(heading(left, words.topup.done.heading)).toBeVisible();
  await expect(heading(page, words.topup.done.heading)).toBeVisible();
  await open("/wallet");
  await expect(page.getByRole("region", { name: words.overview.available })).toContainText(/5[\s,]000/);

  // The method that was used is chosen the next time, and comes first.
  await topUp.open();
  await expect(topUp.method("Wave")).toBeChecked();
  await expect(page.getByRole("radio").first()).toBeChecked();
});
