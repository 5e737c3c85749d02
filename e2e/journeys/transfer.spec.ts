import type { Locator, Page } from "@playwright/test";
import { bodyOfForm, post } from "@/e2e/support/form-post";
import {
  test as base,
  detail,
  expect,
  expectDetails,
  heading,
  listedReferences,
} from "@/e2e/support/journey";
import { acceptedWithdrawal, confirmButton } from "@/e2e/support/order-page";
import { choosePin, PIN } from "@/e2e/support/pin-page";
import { paymentPage } from "@/e2e/support/sandbox-page";
import { APP_URL } from "@/e2e/support/started-deployment";
import { type TransferPage, transferPage } from "@/e2e/support/transfer-page";
import { containing, francs, type Locale, pathIn, say, signedFrancs, type Words } from "@/e2e/support/words";
import { newWalletNumber } from "@/lib/ids";

const PHONE = "+22670123456";
const PASSWORD = "le mil pousse bien";
const WRONG = "5813";

/** Amounts as literals, independent of the product's own formatting. */
const READ = {
  fr: {
    words: "deux mille francs",
    left: "3 000 FCFA",
    oneTry: "Il reste un essai.",
    nothingGoesOut: "rien ne peut en sortir",
  },
  en: {
    words: "two thousand francs",
    left: "FCFA 3,000",
    oneTry: "One try is left.",
    nothingGoesOut: "nothing can leave it",
  },
} as const;

const test = base.extend<{ transfer: TransferPage }>({
  transfer: async ({ page, words, open }, use) => use(transferPage(page, words, open)),
});

/** A sentence up to its first placeholder. */
function beginning(sentence: string): RegExp {
  return containing(sentence.split("{")[0]?.trim() ?? "");
}

/** The wallet number that the transfer page shows its reader. */
async function readOwnNumber(page: Page, words: Words, locale: Locale): Promise<string> {
  await page.goto(pathIn(locale, "/wallet"));
  await page
    .getByRole("navigation", { name: words.overview.actions })
    .getByRole("link", { name: words.overview.send })
    .click();
  const number = (await detail(page, words.transfer.ownNumber).textContent()) ?? "";
  expect(number).toMatch(/^\d{4}\s\d{4}\s\d{4}\s\d$/);
  return number;
}

function linkTo(page: Page, text: string): Locator {
  return page.getByRole("link").filter({ hasText: text });
}

test("a person tops up, chooses a PIN and sends money, and both people see the transfer", async ({
  page,
  browser,
  locale_: locale,
  words,
  topUp,
  transfer,
  person,
  deployment,
}) => {
  test.slow();
  const read = READ[locale];
  const { review } = words.transfer;
  const elsewhere = await browser.newContext();
  await elsewhere.addCookies([(await deployment.createPerson(undefined, "Moussa")).cookie]);
  const there = await elsewhere.newPage();
  const number = await readOwnNumber(there, words, locale);

  await topUp.open();
  await topUp.fill({ amount: "5000", phone: PHONE, method: "Wave" });
  await topUp.submit.click();
  const payment = paymentPage(page, locale);
  await payment.isOpen();
  await payment.pay();
  await expect(heading(page, words.topup.done.heading)).toBeVisible();

  await transfer.review({ walletNumber: number, amount: "2 000", note: "Pour le riz" });
  await expectDetails(page, [
    [review.to, "Moussa S."],
    [review.walletNumber, number],
    [review.amount, francs(2_000, locale)],
    [review.fee, review.noFee],
    [review.total, francs(2_000, locale)],
    [review.inWords, read.words],
    [review.note, "Pour le riz"],
    [review.balanceAfter, read.left],
  ]);
  await expect(page.getByText(review.firstTime)).toBeVisible();

  // Without a PIN the review leads to choosing one, and is still there afterwards.
  const reviewed = page.url();
  await expect(page.getByText(words.pin.needed)).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: words.pin.heading }).click();
  await choosePin(page, words, PIN);
  await expect(page).toHaveURL(reviewed);
  await transfer.pin.fill(PIN);
  await transfer.confirm(francs(2_000, locale)).click();

  await expect(heading(page, words.receipts.sent.heading)).toBeVisible();
  await expect(page).toHaveURL(/\/wallet\/transactions\/TXN-\w+$/);
  const reference = page.url().split("/").at(-1) ?? "";
  await page.goto(pathIn(locale, "/wallet"));
  await expect(page.getByRole("region", { name: words.overview.available })).toContainText(
    read.left.replace(/\s?FCFA\s?/, ""),
  );
  const sent = linkTo(page, say(words.kinds.transfer_out, { name: "Moussa S." }));
  await expect(sent).toContainText(signedFrancs(-2_000, locale));

  await there.goto(pathIn(locale, "/wallet"));
  const received = linkTo(there, say(words.kinds.transfer_in, { name: `${person.firstName} S.` }));
  await expect(received).toContainText(signedFrancs(2_000, locale));
  await received.click();
  await expect(heading(there, words.receipts.received.heading)).toBeVisible();
  expect(there.url()).toContain(reference);
  await expect(there.getByText("Pour le riz")).toBeVisible();

  // A confirmed quote leads to its receipt, and a repeated amount is pointed out.
  await page.goto(reviewed);
  await expect(page).toHaveURL(new RegExp(`/${reference}$`));
  await transfer.review({ walletNumber: number, amount: "2000" });
  await expect(page.getByText(review.repeated)).toBeVisible();
  await expect(page.getByText(review.firstTime)).toHaveCount(0);
  await elsewhere.close();
});

test("each wrong field gets its message, keeps its input, and no money moves", async ({
  page,
  words,
  transfer,
  person,
  deployment,
}) => {
  test.slow();
  await deployment.fund(person, 5_000n);
  const recipient = await deployment.createPerson();
  const wrongDigit = recipient.walletNumber.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  await transfer.open();
  const numbers: [typed: string, sentence: string][] = [
    ["", words.fields.required],
    [wrongDigit, words.fields.wallet_number_invalid],
    [newWalletNumber(), words.fields.recipient_unknown],
    [person.walletNumber, words.fields.recipient_self],
  ];
  for (const [walletNumber, sentence] of numbers) {
    await transfer.fill({ walletNumber, amount: "2000", note: "Pour le riz" });
    await transfer.submit.click();
    await expect(transfer.errors.getByRole("link", { name: sentence })).toBeVisible();
    await expect(transfer.walletNumber).toHaveAccessibleDescription(containing(sentence));
    await expect(transfer.walletNumber).toHaveValue(walletNumber);
    await expect(transfer.amount).toHaveValue("2000");
    await expect(transfer.note).toHaveValue("Pour le riz");
  }
  await transfer.fill({ walletNumber: recipient.walletNumber, amount: "2000,5" });
  await transfer.submit.click();
  await expect(transfer.errors.getByRole("link", { name: words.fields.no_decimals })).toBeVisible();
  await transfer.fill({ amount: "5001" });
  await transfer.submit.click();
  await expect(transfer.errors.getByRole("link", { name: words.fields.insufficient_funds })).toBeVisible();
  expect(await deployment.operationsOf(person)).toHaveLength(1);

  // The form can still be used afterwards, and a reviewed transfer can be edited.
  await transfer.fill({ amount: "5000" });
  await transfer.submit.click();
  await expect(heading(page, words.transfer.review.heading)).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: words.transfer.review.edit }).click();
  await expect(transfer.walletNumber).toHaveValue(
    new RegExp(`^${recipient.walletNumber.replace(/(\d{4})(?=\d)/g, "$1\\s")}$`),
  );
  await expect(transfer.amount).toHaveValue("5,000");
  await expect(transfer.note).toHaveValue("Pour le riz");
  await transfer.submit.click();
  await expect(heading(page, words.transfer.review.heading)).toBeVisible();
});

test("a mistyped number is caught with its last digit, while it is being typed", async ({
  words,
  transfer,
  person: _,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, "without JavaScript the server says it");
  const number = newWalletNumber();
  const wrong = number.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  await transfer.open();
  // What is typed before the page's scripts have run is checked by the server only.
  await expect(async () => {
    await transfer.walletNumber.fill("");
    await transfer.walletNumber.pressSequentially(wrong.slice(0, 12));
    await expect(transfer.walletNumber).not.toHaveAttribute("aria-invalid", "true");
    await transfer.walletNumber.press(wrong.slice(12));
    await expect(transfer.walletNumber).toHaveAccessibleDescription(
      containing(words.fields.wallet_number_invalid),
      { timeout: 2_000 },
    );
  }).toPass({ timeout: 15_000 });
  await expect(transfer.walletNumber).toBeFocused();
  await transfer.walletNumber.press("Backspace");
  await transfer.walletNumber.press(number.slice(12));
  await expect(transfer.walletNumber).not.toHaveAttribute("aria-invalid", "true");
});

test("a wrong PIN says how many tries are left; the fifth locks, and a new one for a forgotten one waits", async ({
  page,
  context,
  locale_: locale,
  words,
  open,
  transfer,
  deployment,
}) => {
  test.slow();
  const [person, recipient] = [await deployment.createPerson(PASSWORD), await deployment.createPerson()];
  await context.addCookies([person.cookie]);
  await deployment.fund(person, 5_000n);
  await deployment.givePin(person);
  await transfer.review({ walletNumber: recipient.walletNumber, amount: "2000" });
  const send = transfer.confirm(francs(2_000, locale));

  await send.click();
  await expect(transfer.errors).toContainText(words.errors.pin_required);
  for (const left of [/\b4\b/, /\b3\b/, /\b2\b/, containing(READ[locale].oneTry)]) {
    await transfer.pin.fill(WRONG);
    await send.click();
    await expect(transfer.errors).toContainText(beginning(words.errors.pin_wrong));
    await expect(transfer.errors).toContainText(left);
    await expect(transfer.pin).toHaveValue("");
  }
  await transfer.pin.fill(WRONG);
  await send.click();
  await expect(page.getByRole("main").getByText(beginning(words.errors.pin_locked))).toBeVisible();
  await page.reload();
  await expect(page.getByText(beginning(words.pin.locked))).toContainText(/\d\d:\d\d/);
  await expect(send).toHaveCount(0);
  expect(await deployment.balanceOf(person)).toEqual({ available: 5_000n, held: 0n });

  const reviewed = page.url();
  await page.getByRole("link", { name: words.pin.forgot }).click();
  await page.getByLabel(words.pin.password).fill(PASSWORD);
  await choosePin(page, words, "7302");
  // The new PIN waits a day, and nothing goes out meanwhile; the review says so instead of asking for it.
  await expect(page.getByText(beginning(words.pin.waiting))).toContainText(/\d\d:\d\d/);
  await page.goto(reviewed);
  await expect(page.getByRole("main")).toContainText(READ[locale].nothingGoesOut);
  await expect(send).toHaveCount(0);
  await open("/wallet/settings/pin");
  await page.getByRole("button", { name: words.pin.notMeSubmit }).click();
  await expect(page.getByText(words.password.notMe)).toBeVisible();
  expect(await deployment.balanceOf(person)).toEqual({ available: 5_000n, held: 0n });
});

test("tapping twice sends once, and so does a confirmation that arrives twice", async ({
  page,
  locale_: locale,
  words,
  open,
  transfer,
  person,
  deployment,
}) => {
  await deployment.fund(person, 5_000n);
  const recipient = await deployment.createPerson();
  await deployment.givePin(person);
  await transfer.review({ walletNumber: recipient.walletNumber, amount: "2000" });
  await transfer.pin.fill(PIN);
  await transfer.confirm(francs(2_000, locale)).dblclick();
  await expect(heading(page, words.receipts.sent.heading)).toBeVisible();
  expect(await deployment.balanceOf(person)).toEqual({ available: 3_000n, held: 0n });

  await transfer.review({ walletNumber: recipient.walletNumber, amount: "1000" });
  const address = page.url();
  const html = await (await page.request.get(address)).text();
  const fields = bodyOfForm(html, "quoteId", { pin: PIN });
  const answers = await Promise.all(
    [1, 2].map(() => post(page.request, address, fields, { origin: APP_URL })),
  );
  expect(answers.map((answer) => answer.status())).toEqual([303, 303]);
  expect(new Set(answers.map((answer) => answer.headers().location)).size).toBe(1);
  expect(await deployment.balanceOf(person)).toEqual({ available: 2_000n, held: 0n });
  expect(await deployment.balanceOf(recipient)).toEqual({ available: 3_000n, held: 0n });
  await open("/wallet/transactions");
  expect(await listedReferences(page)).toHaveLength(3);
});

test("a PIN that is easy to guess, or typed in two ways, is refused; changing it takes the current one", async ({
  page,
  locale_,
  words,
  open,
  context,
  deployment,
}) => {
  const person = await deployment.createPerson(PASSWORD);
  await context.addCookies([person.cookie]);
  const errors = page.getByRole("main").getByRole("alert");
  await open("/wallet/settings");
  await page.getByRole("link", { name: words.pin.heading }).click();
  await choosePin(page, words, "1234");
  await expect(errors.getByRole("link", { name: words.fields.pin_common })).toBeVisible();
  await expect(page.getByLabel(words.pin.new)).toHaveValue("");
  await page.getByLabel(words.pin.new).fill(PIN);
  await page.getByLabel(words.pin.again).fill(WRONG);
  await page.getByRole("button", { name: words.pin.submit }).click();
  await expect(errors.getByRole("link", { name: words.fields.pin_mismatch })).toBeVisible();
  await choosePin(page, words, PIN);
  await expect(page.getByText(words.settings.saved)).toBeVisible();

  // Never redirects to another site, whatever the link says.
  await open("/wallet/settings/pin?next=//evil.example/");
  await page.getByLabel(words.pin.current).fill("7302");
  await choosePin(page, words, WRONG);
  await expect(errors).toContainText(/\b4\b/);
  await page.getByLabel(words.pin.current).fill(PIN);
  await choosePin(page, words, WRONG);
  await expect(page).toHaveURL(pathIn(locale_, "/wallet/settings?saved=pin"));
});

test("a withdrawal is confirmed with the PIN as a transfer is", async ({
  page,
  locale_: locale,
  words,
  withdraw,
  transfer,
  person,
  deployment,
}) => {
  await deployment.fund(person, 5_000n);
  await deployment.givePin(person);
  await withdraw.open();
  await withdraw.fill({ amount: "2000", phone: PHONE, method: "Orange Money" });
  await withdraw.submit.click();
  const confirm = confirmButton(page, words, francs(2_000, locale));
  await transfer.pin.fill(WRONG);
  await confirm.click();
  await expect(transfer.errors).toContainText(beginning(words.errors.pin_wrong));
  expect(await deployment.operationsOf(person)).toHaveLength(1);
  await transfer.pin.fill(PIN);
  await confirm.dblclick();
  await expect(acceptedWithdrawal(page, words)).toBeVisible();
  expect(await deployment.operationsOf(person)).toHaveLength(2);
});

test("the form in naira has an address of its own, and each currency its own balance and symbol", {
  tag: "@once",
}, async ({ page, words, open, transfer, person, deployment }) => {
  await deployment.fund(person, 5_000n);
  const recipient = await deployment.createPerson();
  const choice = page.getByRole("navigation", { name: words.form.currency });
  await transfer.open();
  await expect(transfer.submit).toBeVisible();
  await expect(choice).toHaveCount(0);
  await open("/wallet/transfer?currency=NGN");
  await expect(choice.getByRole("link", { name: words.form.currencies.NGN })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await expect(page.getByLabel(`${words.form.amount} (₦)`)).toBeVisible();
  await transfer.fill({ walletNumber: recipient.walletNumber, amount: "1000.50" });
  await transfer.submit.click();
  await expect(transfer.errors.getByRole("link", { name: words.fields.insufficient_funds })).toBeVisible();
  await choice.getByRole("link", { name: words.form.currencies.XOF }).click();
  await expect(page.getByLabel(`${words.form.amount} (FCFA)`)).toBeVisible();
});
