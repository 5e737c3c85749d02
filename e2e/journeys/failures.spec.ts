import { detail, expect, expectDetails, heading, listedReferences, test } from "@/e2e/support/journey";
import { acceptedWithdrawal, confirmWithdrawal } from "@/e2e/support/order-page";
import { reviewWithdrawal, withdraw } from "@/e2e/support/prepared-orders";
import { paymentPage } from "@/e2e/support/sandbox-page";
import { containing, francs, pathIn, say, signedFrancs } from "@/e2e/support/words";

const PHONE = "+22670123456";
/** The sandbox refuses this number. */
const REFUSED_PHONE = "+22670000400";
/** The sandbox accepts this deposit, answers nothing, and is paid later. */
const SILENT_FRANCS = "1010";
/** The sandbox fails this payout. */
const FAILING_FRANCS = 2_001;

test("a failed payout is refunded to the balance, and the page says so", async ({
  page,
  locale_: locale,
  words,
  open,
  withdraw,
  person,
  deployment,
}) => {
  await deployment.fund(person, 5_000n);
  await deployment.givePin(person);
  await withdraw.open();
  await withdraw.fill({ amount: String(FAILING_FRANCS), phone: PHONE, method: "Moov Money" });
  await withdraw.submit.click();
  await confirmWithdrawal(page, words, francs(FAILING_FRANCS, locale));
  await expect(acceptedWithdrawal(page, words)).toBeVisible();

  await expect(heading(page, words.withdraw.refunded.heading)).toBeVisible();
  await expect(page.getByText(words.refundReasons.payout_failed)).toBeVisible();
  await expectDetails(page, [
    [words.operation.debited, signedFrancs(-FAILING_FRANCS, locale)],
    [words.operation.refunded, signedFrancs(FAILING_FRANCS, locale)],
    [words.operation.net, francs(0, locale)],
  ]);
  const steps = page.getByRole("main").locator("ol").getByRole("listitem");
  await expect(steps.first()).toContainText(words.steps.created);
  await expect(steps.last()).toContainText(words.steps.refunded);
  await expect(detail(page, words.operation.state)).toHaveText(words.states.refunded);
  await expect(page.getByRole("link", { name: words.withdraw.refunded.again })).toBeVisible();

  expect(await deployment.balanceOf(person)).toEqual({ available: 5_000n, held: 0n });
  await open("/wallet");
  await expect(page.getByRole("main").getByText(words.states.refunded)).toBeVisible();
  const [reference] = await listedReferences(page);
  const book = await deployment.book();
  expect(book.payouts.filter((payout) => payout.reference === reference)).toMatchObject([
    { state: "failed", timesPaid: 0 },
  ]);
});

test("a top-up whose provider doesn't answer stays pending, says so, and succeeds once the answer comes", async ({
  page,
  locale_: locale,
  words,
  open,
  topUp,
  person,
  deployment,
}) => {
  await topUp.open();
  await topUp.fill({ amount: SILENT_FRANCS, phone: PHONE, method: "Wave" });
  const answered = topUp.submit.click();
  // Once the sandbox has accepted it, and before its payer pays, a moment later.
  const accepted = async () => {
    const [operation] = await deployment.operationsOf(person);
    const { collections } = await deployment.book();
    return collections.find(({ reference }) => reference === operation?.reference)?.reference ?? "";
  };
  await expect.poll(accepted, { intervals: [20] }).not.toBe("");
  const reference = await accepted();
  await deployment.setScenario(reference, "payment_webhook_dropped");
  await answered;

  await expect(page).toHaveURL(pathIn(locale, `/wallet/topup/${reference}`));
  await expect(heading(page, words.topup.unknown.heading)).toBeVisible();
  await expect(page.getByText(say(words.topup.unknown.text, { method: "Wave" }))).toBeVisible();
  await expect(page.getByText(words.topup.wait.close)).toBeVisible();
  expect((await deployment.balanceOf(person)).available).toBe(0n);
  // The receipt says the same.
  await open(`/wallet/transactions/${reference}`);
  await expect(heading(page, words.topup.unknown.heading)).toBeVisible();
  await expect(page.getByText(say(words.topup.unknown.text, { method: "Wave" }))).toBeVisible();
  await open(`/wallet/topup/${reference}`);

  await deployment.resendWebhook(reference);
  await expect(heading(page, words.topup.done.heading)).toBeVisible();
  await open("/wallet");
  expect(await listedReferences(page)).toEqual([reference]);
  expect((await deployment.balanceOf(person)).available).toBe(1_010n);
});

test("a number that the provider refuses is marked, the input is kept, and the corrected form succeeds", async ({
  page,
  locale_: locale,
  words,
  open,
  topUp,
  person,
  deployment,
}) => {
  await topUp.open();
  await topUp.fill({ amount: "5 000", phone: REFUSED_PHONE, method: "Orange Money" });
  await topUp.submit.click();

  await expect(topUp.errors).toBeVisible();
  await expect(topUp.errors).toContainText(words.fields.phone_refused);
  await expect(topUp.phone).toHaveAccessibleDescription(containing(words.fields.phone_refused));
  await expect(topUp.phone).toHaveAttribute("aria-invalid", "true");
  await expect(topUp.amount).toHaveValue("5 000");
  await expect(topUp.phone).toHaveValue(REFUSED_PHONE);
  await expect(topUp.method("Orange Money")).toBeChecked();
  expect((await deployment.balanceOf(person)).available).toBe(0n);

  await topUp.fill({ phone: PHONE });
  await topUp.submit.click();
  const payment = paymentPage(page, locale);
  await payment.isOpen();
  await payment.pay();
  await expect(heading(page, words.topup.done.heading)).toBeVisible();

  // The refused operation stays in the history.
  await open("/wallet/transactions");
  expect(await listedReferences(page)).toHaveLength(2);
  await expect(page.getByRole("main").getByRole("link").getByText(words.states.failed)).toBeVisible();
  expect((await deployment.balanceOf(person)).available).toBe(5_000n);
});

test("a payment cancelled on the provider's page credits nothing, and can be started again", async ({
  page,
  locale_: locale,
  words,
  topUp,
  person,
  deployment,
}) => {
  await topUp.open();
  await topUp.fill({ amount: "5000", phone: PHONE, method: "Wave" });
  await topUp.submit.click();
  const payment = paymentPage(page, locale);
  await payment.isOpen();
  await payment.cancel();

  await expect(heading(page, words.topup.failed.heading)).toBeVisible();
  await expect(page.getByText(words.reasons.cancelled)).toBeVisible();
  expect((await deployment.balanceOf(person)).available).toBe(0n);
  await page.getByRole("link", { name: words.topup.failed.again }).click();
  await expect(topUp.amount).toBeVisible();
});

test("a withdrawal above the balance is refused at once, and no provider is called", async ({
  words,
  withdraw,
  person,
  deployment,
}) => {
  await deployment.fund(person, 1_000n);
  await withdraw.open();
  await withdraw.fill({ amount: "5000", phone: PHONE, method: "Orange Money" });
  await withdraw.submit.click();
  await expect(withdraw.errors).toContainText(words.fields.insufficient_funds);
  await expect(withdraw.amount).toHaveAccessibleDescription(containing(words.fields.insufficient_funds));
  await expect(withdraw.amount).toHaveValue("5000");
  await expect(withdraw.method("Orange Money")).toBeChecked();
  expect(await deployment.operationsOf(person)).toHaveLength(1);
  expect(await deployment.balanceOf(person)).toEqual({ available: 1_000n, held: 0n });
});

test("a review that the balance no longer covers says so, and reserves nothing", async ({
  page,
  locale_: locale,
  words,
  open,
  person,
  deployment,
}) => {
  await deployment.fund(person, 3_000n);
  await deployment.givePin(person);
  const context = deployment.contextOf(person);
  await open(`/wallet/withdraw/${await reviewWithdrawal(context, 2_000n)}`);
  await expect(heading(page, words.withdraw.review.heading)).toBeVisible();
  await withdraw(context, 2_000n);
  await confirmWithdrawal(page, words, francs(2_000, locale));
  await expect(page.getByText(words.errors.insufficient_funds)).toBeVisible();
  expect((await deployment.balanceOf(person)).available).toBe(1_000n);
});
