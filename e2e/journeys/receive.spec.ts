import type { Page } from "@playwright/test";
import { test as base, detail, expect, expectDetails, heading } from "@/e2e/support/journey";
import { PIN } from "@/e2e/support/pin-page";
import { readQrCode } from "@/e2e/support/qr-code";
import { APP_URL } from "@/e2e/support/started-deployment";
import { type TransferPage, transferPage } from "@/e2e/support/transfer-page";
import { containing, francs, pathIn, say, type Words } from "@/e2e/support/words";
import { groupWalletNumber } from "@/lib/ui/wallet-number";

const PASSWORD = "le mil pousse bien";
const NOTE = "Riz & huile <2 sacs>";

interface Payer {
  payer: Page;
  transfer: TransferPage;
}

/** The payer's own browser, where nobody is signed in. */
const test = base.extend<Payer>({
  payer: async ({ browser, locale, javaScriptEnabled }, use) => {
    const context = await browser.newContext({ locale: locale ?? "fr-FR", javaScriptEnabled });
    await use(await context.newPage());
    await context.close();
  },
  transfer: async ({ payer, words, locale_: locale }, use) =>
    use(transferPage(payer, words, async (to) => void (await payer.goto(pathIn(locale, to))))),
});

async function signIn(page: Page, words: Words, email: string): Promise<void> {
  await page.locator("[name=identifier]").fill(email);
  await page.getByLabel(words.signIn.password).fill(PASSWORD);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

/** The address in the code or link of a page, opened as a phone's camera would. */
async function readCode(page: Page, label: string): Promise<string> {
  const address = await readQrCode(page.getByRole("img", { name: label }).first());
  expect(address).not.toBeNull();
  return address ?? "";
}

async function confirm({ payer, transfer }: Payer, words: Words, amount: string): Promise<void> {
  await expect(heading(payer, words.transfer.review.heading)).toBeVisible();
  await transfer.pin.fill(PIN);
  await transfer.confirm(amount).click();
  await expect(heading(payer, words.receipts.sent.heading)).toBeVisible();
}

/** Moussa, who pays: with money, a PIN and a password. */
const MOUSSA = "Moussa";

test("a person shows a QR code, is paid by who scans it signed out, and sees the money come in", async ({
  page,
  payer,
  transfer,
  words,
  open,
  person,
  deployment,
  javaScriptEnabled,
  locale_: locale,
}) => {
  test.slow();
  const moussa = await deployment.createPerson(PASSWORD, MOUSSA);
  await deployment.fund(moussa, 5_000n);
  await deployment.givePin(moussa);
  const number = groupWalletNumber(person.walletNumber);

  await open("/wallet");
  await page.getByRole("link", { name: containing(words.overview.receive) }).click();
  await expect(heading(page, words.receive.heading)).toBeVisible();
  await expect(page.getByRole("main")).toContainText(number);
  expect(await readCode(page, words.receive.qr)).toBe(`${APP_URL}/p/${person.walletNumber}`);

  // A wrong amount stays typed and is explained; a right one goes into the code.
  await page.getByLabel(words.form.amount).fill("-5");
  await page.getByLabel(words.transfer.note).fill(NOTE);
  await page.getByRole("button", { name: words.receive.apply }).click();
  await expect(page.getByText(words.fields.not_positive)).toBeVisible();
  await page.getByLabel(words.form.amount).fill("1 500");
  await page.getByRole("button", { name: words.receive.apply }).click();
  const proposed = francs(1_500, locale);
  await expect(page.getByText(say(words.receive.proposes, { amount: proposed }))).toBeVisible();
  const address = await readCode(page, words.receive.qr);
  expect(Object.fromEntries(new URL(address).searchParams)).toEqual({ amount: "1500", note: NOTE });
  const shared = await page.getByRole("link", { name: words.receive.share }).getAttribute("href");
  expect(new URL(shared ?? "").searchParams.get("text")).toContain(address);
  if (javaScriptEnabled !== false) await open("/wallet");

  // Signed out: what this is, and nobody's name. Signing in comes back with everything filled in.
  await payer.goto(address);
  await expect(heading(payer, say(words.payLink.heading, { site: words.site.name }))).toBeVisible();
  await expectDetails(payer, [
    [words.payLink.number, number],
    [words.payLink.amount, proposed],
  ]);
  await expect(payer.locator("body")).not.toContainText(person.firstName);
  await payer.getByRole("link", { name: words.payLink.signIn }).click();
  await signIn(payer, words, moussa.email);
  await expect(heading(payer, words.transfer.heading)).toBeVisible();
  await expect(payer.getByRole("main")).toContainText(
    containing(words.payLink.linked.split("{")[0]?.trim() ?? ""),
  );
  await expect(payer.getByRole("main")).toContainText(`${person.firstName} S.`);
  await expect(transfer.walletNumber).toHaveValue(number);
  await expect(transfer.note).toHaveValue(NOTE);
  await expect(payer.getByText(say(words.payLink.proposed, { amount: proposed }))).toBeVisible();
  // The link only proposes.
  await transfer.amount.fill("1 400");
  await transfer.submit.click();
  await confirm({ payer, transfer }, words, francs(1_400, locale));
  await expectDetails(payer, [
    [words.operation.amount, francs(1_400, locale)],
    [words.operation.note, NOTE],
  ]);

  // The receiver's overview, left open, shows it by itself.
  if (javaScriptEnabled === false) await open("/wallet");
  await expect(page.getByRole("region", { name: words.overview.available })).toContainText(
    francs(1_400, locale).replace(/\s?FCFA\s?/, ""),
  );

  // Whom money went to is one tap away the next time.
  await transfer.open();
  await payer.getByRole("navigation", { name: words.transfer.recent }).getByRole("link").click();
  await expect(transfer.walletNumber).toHaveValue(number);
});

test("a link that can't be followed says why, and nothing in it is trusted", { tag: "@once" }, async ({
  payer,
  words,
  person,
  deployment,
  locale_: locale,
  expectConsoleError,
}) => {
  expectConsoleError(/404/);
  const go = (to: string) => payer.goto(pathIn(locale, to));
  const nobody = "1000000000009";
  expect((await go("/p/123"))?.status()).toBe(404);
  await expect(heading(payer, words.payLink.wrongHeading)).toBeVisible();
  await go(`/p/${nobody}?amount=-5&currency=XOF&note=${"x".repeat(300)}`);
  for (const field of ["amount", "note"] as const) {
    await expect(payer.getByText(words.payLink.ignored[field])).toBeVisible();
  }
  await expect(payer.locator('meta[name="robots"]')).toHaveAttribute("content", /noindex/);

  await payer.context().addCookies([person.cookie]);
  await go(`/p/${nobody}?currency=EUR&amount=5`);
  await expect(payer.getByText(words.payLink.unknown)).toBeVisible();
  await expect(payer.getByText(words.payLink.ignored.currency)).toBeVisible();
  await go(`/p/${person.walletNumber}`);
  await expect(payer.getByText(words.payLink.own)).toBeVisible();
  const other = await deployment.createPerson(undefined, MOUSSA);
  const markup = '<img src=x onerror="document.title=1">';
  await go(`/p/${other.walletNumber}?note=${encodeURIComponent(markup)}`);
  await expect(payer.getByLabel(words.transfer.note)).toHaveValue(markup);
  await expect(payer.locator("main img[src]")).toHaveCount(0);
});

test("a person asks for money by a link, is paid once, and asks by number, which is declined and blocked", async ({
  page,
  payer,
  transfer,
  words,
  open,
  person,
  deployment,
  locale_: locale,
}) => {
  test.slow();
  const { requests } = words;
  const moussa = await deployment.createPerson(PASSWORD, MOUSSA);
  await deployment.fund(moussa, 5_000n);
  await deployment.givePin(moussa);
  const amount = francs(2_000, locale);
  async function ask(number: string): Promise<void> {
    await open("/wallet/requests/new");
    await page.getByLabel(requests.form.to).fill(number);
    await page.getByLabel(words.form.amount).fill("2 000");
    await page.getByLabel(words.transfer.note).fill(NOTE);
    await page.getByRole("button", { name: requests.form.submit }).click();
    await expect(page.getByText(requests.mine.created)).toBeVisible();
  }

  await ask("");
  const link = await readCode(page, requests.mine.qr);
  const request = page.url().split("?")[0] ?? "";
  await payer.goto(link);
  await expect(heading(payer, say(requests.signedOut.heading, { amount }))).toBeVisible();
  await expect(payer.locator("body")).not.toContainText(person.firstName);
  await payer.getByRole("link", { name: words.payLink.signIn }).click();
  await signIn(payer, words, moussa.email);
  const name = `${person.firstName} S.`;
  await expect(payer.getByRole("heading", { level: 1 })).toContainText(name);
  await payer.getByRole("button", { name: containing(say(requests.theirs.pay, { amount })) }).click();
  await expect(payer.getByText(words.transfer.review.requestText)).toBeVisible();
  await confirm({ payer, transfer }, words, amount);
  await expect(detail(payer, words.operation.request)).toBeVisible();
  await page.goto(request);
  await expect(page.getByText(requests.ended.paid)).toBeVisible();
  await payer.goto(link);
  await expect(payer.getByText(requests.ended.paid)).toBeVisible();

  await ask(moussa.walletNumber);
  await payer.goto(pathIn(locale, "/wallet/requests"));
  await payer.getByRole("link", { name: containing(name) }).click();
  await payer.locator("summary").click();
  await payer.getByRole("button", { name: requests.theirs.block }).click();
  await expect(payer.getByText(requests.done.blocked)).toBeVisible();
  await expect(payer.getByText(requests.emptyReceived)).toBeVisible();
  await payer.getByRole("button", { name: containing(requests.unblock) }).click();
  await payer.getByRole("link", { name: containing(name) }).click();
  await payer.getByRole("button", { name: requests.theirs.decline }).click();
  await expect(payer.getByText(requests.done.declined)).toBeVisible();
  await open("/wallet/requests");
  await expect(page.getByText(requests.status.declined)).toBeVisible();
});
