import { randomInt } from "node:crypto";
import { checkPage } from "@/e2e/support/check-page";
import { test as base, expect, heading, MISSING_PAGE } from "@/e2e/support/journey";
import { choosePin, PIN } from "@/e2e/support/pin-page";
import {
  cancelAtSandbox,
  createFullKey,
  lockPin,
  reviewTransfer,
  reviewWithdrawal,
  startTopUp,
  withdraw,
} from "@/e2e/support/prepared-orders";
import { askForMoney, RECEIVING } from "@/e2e/support/receiving";
import { newEmail, type Person, type VaultMade, type VaultOptions } from "@/e2e/support/started-deployment";
import { openTontine, TONTINES } from "@/e2e/support/tontine-visits";
import { type TransferPage, transferPage } from "@/e2e/support/transfer-page";
import { NAIRA_AND_RECEIPTS, type Visit } from "@/e2e/support/visits";
import { francs, pathIn } from "@/e2e/support/words";

/** In the worker's one page, emptied after each test: the build's files are loaded once, into one process of the browser. */
const test = base.extend({
  context: async ({ sharedPage }, use) => {
    await use(sharedPage.context());
    // Of the same site as the pages: the browser keeps its process.
    await sharedPage.goto("/robots.txt");
    await sharedPage.context().clearCookies();
  },
  page: async ({ sharedPage, viewport }, use) => {
    await sharedPage.emulateMedia({ colorScheme: null, reducedMotion: null });
    if (viewport) await sharedPage.setViewportSize(viewport);
    await use(sharedPage);
  },
});

/** A reviewed withdrawal of somebody with 12,500 francs. */
async function openWithdrawalReview({ deployment, person, page, words, open }: Visit): Promise<void> {
  await deployment.fund(person, 12_500n);
  await open(`/wallet/withdraw/${await reviewWithdrawal(deployment.contextOf(person), 2_000n)}`);
  await expect(heading(page, words.withdraw.review.heading)).toBeVisible();
}

/** Opens a withdrawal of `amount`, which the sandbox keeps in progress, pays out or refunds. */
async function openWithdrawal(visit: Visit, amount: bigint, end: string): Promise<void> {
  const { deployment, person, page, open } = visit;
  await deployment.fund(person, 12_500n);
  await deployment.givePin(person);
  await open(`/wallet/transactions/${await withdraw(deployment.contextOf(person), amount)}`);
  await expect(heading(page, end)).toBeVisible();
}

const WALLET_OF_NOBODY = "1000000000009";

const NOTE = "Pour le riz, l’huile et le savon de la tontine de novembre";

/** Opens the review of a first transfer to somebody. */
async function openTransferReview(
  { deployment, person, page, words, open }: Visit,
  note = NOTE,
): Promise<TransferPage> {
  await deployment.fund(person, 1_250_000n);
  const { walletNumber } = await deployment.createPerson();
  const transfer = { walletNumber, amount: "1 234 567", currency: "XOF", note } as const;
  await open(`/wallet/transfer/${await reviewTransfer(deployment.contextOf(person), transfer)}`);
  await expect(heading(page, words.transfer.review.heading)).toBeVisible();
  return transferPage(page, words, open);
}

const KEY_NAME = "Caisse de la boutique de Ouagadougou, deuxième comptoir";

async function makeKey({ page, words, open, deployment, person }: Visit): Promise<void> {
  await deployment.givePin(person);
  await open("/wallet/keys/new");
  await page.getByLabel(words.pin.label, { exact: true }).fill(PIN);
  await page.getByLabel(words.keys.name).fill(KEY_NAME);
  for (const { label, note } of Object.values(words.keys.permissions)) {
    await page.getByRole("checkbox", { name: `${label} ${note}` }).check();
  }
  await page.getByRole("button", { name: words.keys.new.submit, exact: true }).click();
  await expect(page.getByText(words.keys.shown.heading)).toBeVisible();
}

/** A vault with a goal and some money in it. */
async function makeVault({ deployment, person }: Visit, more: VaultOptions = {}): Promise<VaultMade> {
  await deployment.fund(person, 1_250_000n);
  const name = "La rentrée des enfants à Bobo-Dioulasso";
  return await deployment.openVault(person, name, 1_000_000n, { goal: "3 000 000", ...more });
}

/** The page of such a vault, as after money was put in. */
async function openVault(visit: Visit, more: VaultOptions = {}): Promise<void> {
  const { vaultId } = await makeVault(visit, more);
  await visit.open(`/wallet/vaults/${vaultId}?done=put`);
  await expect(visit.page.getByText(visit.words.vaults.done.put)).toBeVisible();
}

const DAY_FAR_AHEAD = new Date(Date.now() + 300 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** Pages that anybody sees. */
const PUBLIC: Record<string, (visit: Visit) => Promise<void>> = {
  landing: ({ open }) => open("/"),
  offline: ({ open }) => open("/offline"),
  "sign-in": ({ open }) => open("/sign-in"),
  "sign-in-refused": async ({ open, page, words }) => {
    await open("/sign-in?error=google_failed&next=/wallet");
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  "sign-up": ({ open }) => open("/sign-up"),
  "sign-up-refused": async ({ open, page, words }) => {
    await open("/sign-up");
    await page.getByRole("button", { name: words.signUp.submit }).click();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  "sign-up-code": async ({ open, page, words }) => {
    await open("/sign-up");
    await page.getByLabel(words.signUp.firstName, { exact: true }).fill("Aminatou");
    await page.getByLabel(words.form.country).selectOption("CI");
    await page.getByLabel(words.signUp.phone).fill(`07 07 ${randomInt(10, 70)} ${randomInt(10, 70)} 21`);
    await page.getByLabel(words.signUp.password).fill("le mil pousse");
    await page.getByRole("button", { name: words.signUp.submit }).click();
    await expect(heading(page, words.codes.heading.phone)).toBeVisible();
    await page.getByText(words.codes.byEmail).click();
  },
  "not-found": ({ open }) => open("/nowhere"),
  "pay-link-signed-out": async ({ open, deployment }) => {
    const { walletNumber } = await deployment.createPerson();
    await open(`/p/${walletNumber}?amount=1234567&note=Riz&currency=EUR`);
  },
  "pay-link-wrong": ({ open }) => open("/p/123"),
  "request-link-signed-out": async ({ open, deployment }) => {
    const asker = await deployment.createPerson();
    await open(`/r/${(await askForMoney(deployment.contextOf(asker))).token}`);
  },
  "tontine-link-signed-out": async ({ open, deployment }) =>
    open(`/join/${(await openTontine(deployment, await deployment.createPerson())).token}`),
  forgot: ({ open }) => open("/sign-in/forgot"),
  "forgot-code": async ({ open, page, words }) => {
    await open("/sign-in/forgot");
    await page.locator("[name=identifier]").fill(newEmail());
    await page.getByRole("button", { name: words.recovery.submit }).click();
    await expect(page.getByLabel(words.codes.code)).toBeVisible();
  },
  "not-me-over": ({ open }) => open("/not-me/AAAAAAAAAAAAAAAAAAAAAA"),
  help: async ({ open, page }) => {
    await open("/help");
    for (const question of await page.locator("summary").all()) await question.click();
  },
  fees: ({ open }) => open("/fees"),
  terms: ({ open }) => open("/terms"),
  privacy: ({ open }) => open("/privacy"),
};

/** Pages of somebody with a wallet. */
const PERSONAL: Record<string, (visit: Visit) => Promise<void>> = {
  "settings-contact": ({ open }) => open("/wallet/settings/contact/phone"),
  "overview-empty": ({ open }) => open("/wallet"),
  "overview-filled": async (visit) => {
    await visit.deployment.fund(visit.person, 128_450n);
    await openWithdrawal(visit, 2_010n, visit.words.withdraw.started.heading);
    await visit.open("/wallet");
  },
  "overview-hidden": async ({ open, page, words }) => {
    await open("/wallet");
    await page.getByRole("button", { name: words.overview.hideLong }).click();
    await expect(page.getByRole("button", { name: words.overview.showLong })).toBeVisible();
  },
  "top-up": ({ topUp }) => topUp.open(),
  "top-up-refused": async ({ topUp }) => {
    await topUp.open();
    await topUp.fill({ amount: "5000,5", phone: "+226 12" });
    await topUp.submit.click();
    await expect(topUp.errors).toBeVisible();
  },
  "top-up-waiting": async ({ deployment, person, open, page, words }) => {
    const { reference } = await startTopUp(deployment.contextOf(person), 5_000n);
    await open(`/wallet/topup/${reference}`);
    await expect(heading(page, words.topup.wait.heading)).toBeVisible();
  },
  "top-up-done": async ({ open, deployment, person }) =>
    open(`/wallet/topup/${await deployment.fund(person, 5_000n)}`),
  "top-up-cancelled": async ({ deployment, person, open, page, words }) => {
    const operation = await startTopUp(deployment.contextOf(person), 5_000n);
    await cancelAtSandbox(operation);
    await open(`/wallet/topup/${operation.reference}`);
    await expect(heading(page, words.topup.failed.heading)).toBeVisible();
  },
  withdraw: async ({ withdraw, deployment, person }) => {
    await deployment.fund(person, 12_500n);
    await withdraw.open();
  },
  "withdraw-review-without-pin": openWithdrawalReview,
  "withdraw-review": async (visit) => {
    await visit.deployment.givePin(visit.person);
    await openWithdrawalReview(visit);
  },
  "operation-in-progress": (visit) => openWithdrawal(visit, 2_010n, visit.words.withdraw.started.heading),
  "operation-done": (visit) => openWithdrawal(visit, 2_000n, visit.words.withdraw.done.heading),
  "operation-refunded": (visit) => openWithdrawal(visit, 2_001n, visit.words.withdraw.refunded.heading),
  history: async ({ open, deployment, person }) => {
    for (let count = 1; count <= 22; count += 1) await deployment.fund(person, BigInt(count) * 1_000n);
    await open("/wallet/transactions?type=deposit");
  },
  "history-refused": ({ open }) =>
    open("/wallet/transactions?from=31/11/2026&to=2026-11-01&amount=5000.5&currency=XOF"),
  balance: async ({ open, page, deployment, person, words }) => {
    await deployment.fund(person, 1_234_567n);
    await open("/wallet/balance?period=3m&currency=XOF");
    await page.getByText(words.balanceHistory.figures).click();
  },
  statements: async ({ open, deployment, person }) => {
    await deployment.fund(person, 12_500n);
    const today = new Date().toISOString().slice(0, 10);
    await open(`/wallet/statements?from=${today.slice(0, 7)}-01&to=${today}`);
  },
  "statements-refused": ({ open }) => open("/wallet/statements?from=2026-02-30&to=2025-01-01"),
  "data-copy": async (visit) => {
    await visit.deployment.givePin(visit.person);
    await visit.open("/wallet/statements/data");
  },
  "statement-file": async ({ open, page, words, deployment, person }) => {
    await deployment.givePin(person);
    await open("/wallet/statements/data");
    await page.getByLabel(words.contacts.secretPin).fill(PIN);
    await page.getByRole("button", { name: words.statements.dataForm.submit }).click();
    await expect(heading(page, words.statements.file.readyHeading)).toBeVisible();
  },
  money: ({ open }) => open("/wallet/money"),
  ...RECEIVING,
  ...TONTINES,
  "help-signed-in": ({ open }) => open("/help"),
  "notices-empty": ({ open }) => open("/wallet/notices"),
  notices: async ({ open, deployment, person }) => {
    for (let count = 1; count <= 32; count += 1) await deployment.fund(person, BigInt(count) * 1_000n);
    await deployment.givePin(person);
    await open("/wallet/notices");
  },
  "notice-settings": ({ open }) => open("/wallet/settings/notices"),
  settings: ({ open }) => open("/wallet/settings"),
  keys: async ({ deployment, person, open, page }) => {
    await deployment.givePin(person);
    await createFullKey(deployment.contextOf(person), KEY_NAME);
    await open("/wallet/keys");
    await page.getByRole("listitem").locator("summary").click();
  },
  "keys-none": ({ open }) => open("/wallet/keys"),
  "key-new": ({ open }) => open("/wallet/keys/new"),
  "key-shown": makeKey,
  "vaults-empty": ({ open }) => open("/wallet/vaults"),
  "vaults-filled": async (visit) => {
    await makeVault(visit, { lockedUntil: DAY_FAR_AHEAD });
    await visit.open("/wallet/vaults");
  },
  "vault-new": ({ open }) => open("/wallet/vaults/new"),
  "vault-new-refused": async ({ open, page, words }) => {
    await open("/wallet/vaults/new");
    await page.getByRole("textbox", { name: words.vaults.goal }).fill("5000,5");
    await page.getByRole("button", { name: words.vaults.create.submit, exact: true }).click();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  "vault-open": async (visit) => {
    await openVault(visit);
    const settings = visit.page.locator("summary");
    for (const each of await settings.all()) await each.click();
  },
  "vault-locked": (visit) => openVault(visit, { lockedUntil: DAY_FAR_AHEAD }),
  "vault-lock-review": async (visit) => {
    const { vaultId } = await makeVault(visit);
    await visit.open(`/wallet/vaults/${vaultId}/lock?until=${DAY_FAR_AHEAD}`);
    await expect(heading(visit.page, visit.words.vaults.lock.review.heading)).toBeVisible();
  },
  "vault-refused": async (visit) => {
    const { page, words } = visit;
    await openVault(visit);
    await page.getByRole("textbox", { name: words.vaults.take.amount }).fill("9999999");
    await page.getByRole("button", { name: words.vaults.take.submit, exact: true }).click();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  transfer: ({ open }) => open("/wallet/transfer?currency=NGN"),
  "transfer-refused": async ({ open, page, words }) => {
    await open("/wallet/transfer");
    const transfer = transferPage(page, words, open);
    await transfer.fill({ walletNumber: WALLET_OF_NOBODY, amount: "5000,5" });
    await transfer.submit.click();
    await expect(transfer.errors).toBeVisible();
  },
  "transfer-review-without-pin": async (visit) => {
    // A very long word must wrap instead of widening the page.
    await openTransferReview(visit, `Merci ${"beaucoup".repeat(12)}`);
  },
  "transfer-review": async (visit) => {
    await visit.deployment.givePin(visit.person);
    await openTransferReview(visit);
  },
  "transfer-wrong-pin": async (visit) => {
    await visit.deployment.givePin(visit.person);
    const transfer = await openTransferReview(visit);
    await transfer.pin.fill("5813");
    await transfer.confirm(francs(1_234_567, visit.locale)).click();
    await expect(transfer.errors).toBeVisible();
  },
  "transfer-locked-pin": async (visit) => {
    await visit.deployment.givePin(visit.person);
    const transfer = await openTransferReview(visit);
    await lockPin(visit.deployment.contextOf(visit.person));
    await visit.page.reload();
    await expect(transfer.pin).toHaveCount(0);
  },
  "pin-first": ({ open }) => open("/wallet/settings/pin"),
  "pin-change": async (visit) => {
    await visit.deployment.givePin(visit.person);
    await visit.open("/wallet/settings/pin");
  },
  password: ({ open }) => open("/wallet/settings/password"),
  "pin-forgotten": async (visit) => {
    await visit.deployment.givePin(visit.person);
    await visit.deployment.verifyPhone(visit.person);
    await visit.open("/wallet/settings/pin?forgot=1");
  },
  "pin-refused": async ({ open, page, words }) => {
    await open("/wallet/settings/pin");
    await choosePin(page, words, "1234");
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
};

for (const [name, visit] of Object.entries(PUBLIC)) {
  test(`${name}: accessible in both themes, nothing to scroll sideways at 320 px`, async ({
    page,
    locale_: locale,
    words,
    open,
    topUp,
    withdraw,
    deployment,
    expectConsoleError,
  }) => {
    expectConsoleError(MISSING_PAGE);
    const nobody = {} as Person;
    await visit({ page, locale, words, open, topUp, withdraw, deployment, person: nobody });
    await checkPage(page, name, locale);
    expect(new URL(page.url()).pathname.startsWith(pathIn(locale, "/"))).toBe(true);
  });
}

for (const [name, visit] of Object.entries({ ...PERSONAL, ...NAIRA_AND_RECEIPTS })) {
  test(`${name}: accessible in both themes, nothing to scroll sideways at 320 px`, async ({
    page,
    locale_: locale,
    words,
    open,
    topUp,
    withdraw,
    person,
    deployment,
  }) => {
    await visit({ page, locale, words, open, topUp, withdraw, deployment, person });
    await checkPage(page, name, locale);
  });
}

test("api-docs: accessible in both themes with every call open, nothing to scroll sideways at 320 px", async ({
  page,
  locale_: locale,
}) => {
  test.slow();
  await page.goto("/api/docs");
  await page.locator("details").evaluateAll((calls) => {
    for (const call of calls) call.setAttribute("open", "");
  });
  await checkPage(page, "api-docs", locale);
});
