import type { APIRequestContext } from "@playwright/test";
import { bodyOfForm, post } from "@/e2e/support/form-post";
import { expect, heading, listedReferences, test } from "@/e2e/support/journey";
import { acceptedWithdrawal, confirmButton } from "@/e2e/support/order-page";
import { PIN } from "@/e2e/support/pin-page";
import { reviewWithdrawal } from "@/e2e/support/prepared-orders";
import { paymentPage } from "@/e2e/support/sandbox-page";
import { APP_URL } from "@/e2e/support/started-deployment";
import { francs, pathIn } from "@/e2e/support/words";

const PHONE = "+22670123456";

/** Sends one form's exact bytes twice at the same time, and answers where both led. */
async function sendTwice(request: APIRequestContext, address: string, field: string, typed: object) {
  const page = await (await request.get(address)).text();
  const fields = bodyOfForm(page, field, typed);
  const answers = await Promise.all([1, 2].map(() => post(request, address, fields, { origin: APP_URL })));
  expect(answers.map((answer) => answer.status())).toEqual([303, 303]);
  return answers.map((answer) => answer.headers().location ?? "");
}

test("tapping twice on the top-up's button makes one top-up", async ({
  page,
  locale_,
  words,
  topUp,
  person,
  deployment,
}) => {
  await topUp.open();
  await topUp.fill({ amount: "5000", phone: PHONE, method: "Wave" });
  await topUp.submit.dblclick();
  // Without JavaScript the second tap may be answered before the provider has given its payment page: then our page links to it.
  await expect(page).toHaveURL(/\/pay\/gmp_|\/wallet\/topup\/TXN-/);
  const payLink = page.getByRole("link", { name: words.topup.wait.pay });
  if (new URL(page.url()).pathname.includes("/wallet/topup/TXN-")) await payLink.click();
  await paymentPage(page, locale_).isOpen();
  const operations = await deployment.operationsOf(person);
  expect(operations).toHaveLength(1);
  const book = await deployment.book();
  expect(book.collections.filter(({ reference }) => reference === operations[0]?.reference)).toHaveLength(1);
});

test("a top-up's form that arrives twice leads to the same payment page twice", { tag: "@once" }, async ({
  page,
  locale_,
  person,
  deployment,
}) => {
  const typed = { amount: "5000", phone: PHONE, method: "wave" };
  const [first, second] = await sendTwice(page.request, pathIn(locale_, "/wallet/topup"), "amount", typed);
  const [operation, ...others] = await deployment.operationsOf(person);
  expect(others).toEqual([]);
  const payOrWait = [operation?.paymentUrl, pathIn(locale_, `/wallet/topup/${operation?.reference}`)];
  // The second may be answered before the provider has given its payment page.
  expect(payOrWait).toContain(first);
  expect(payOrWait).toContain(second);
});

test("tapping twice on the withdrawal's button makes one withdrawal", async ({
  page,
  locale_,
  words,
  open,
  withdraw,
  person,
  deployment,
}) => {
  await deployment.fund(person, 5_000n);
  await deployment.givePin(person);
  await withdraw.open();
  await withdraw.fill({ amount: "2000", phone: PHONE, method: "Orange Money" });
  await withdraw.submit.click();
  await page.getByLabel(words.pin.label, { exact: true }).fill(PIN);
  await confirmButton(page, words, francs(2_000, locale_)).dblclick();
  await expect(acceptedWithdrawal(page, words)).toBeVisible();
  await open("/wallet/transactions");
  expect(await listedReferences(page)).toHaveLength(2);
  const { available, held } = await deployment.balanceOf(person);
  expect(available).toBe(3_000n);
  expect(held === 2_000n || held === 0n).toBe(true);
});

test("a confirmation that arrives twice leads to the same withdrawal twice", { tag: "@once" }, async ({
  page,
  locale_,
  words,
  open,
  person,
  deployment,
}) => {
  await deployment.fund(person, 5_000n);
  await deployment.givePin(person);
  await open(`/wallet/withdraw/${await reviewWithdrawal(deployment.contextOf(person), 2_000n)}`);
  await expect(heading(page, words.withdraw.review.heading)).toBeVisible();
  const [first, second] = await sendTwice(page.request, page.url(), "quoteId", { pin: PIN });
  const [operation] = await deployment.operationsOf(person);
  expect(first).toBe(pathIn(locale_, `/wallet/transactions/${operation?.reference}`));
  expect(second).toBe(first);
  expect((await deployment.balanceOf(person)).available).toBe(3_000n);

  // The review page, opened again, redirects to the withdrawal.
  await page.reload();
  await expect(page).toHaveURL(first ?? "");
});
