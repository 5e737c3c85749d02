import type { Page } from "@playwright/test";
import { bodyOfForm, post } from "@/e2e/support/form-post";
import { detail, expect, expectDetails, heading, test } from "@/e2e/support/journey";
import { APP_URL } from "@/e2e/support/started-deployment";
import { containing, francs, type Locale, pathIn, say, signedFrancs, type Words } from "@/e2e/support/words";

/** The forms of a vault, by their labels. */
function vaultPage(page: Page, words: Words) {
  return {
    put: {
      amount: page.getByRole("textbox", { name: words.vaults.put.amount }),
      submit: page.getByRole("button", { name: words.vaults.put.submit, exact: true }),
    },
    take: {
      amount: page.getByRole("textbox", { name: words.vaults.take.amount }),
      submit: page.getByRole("button", { name: words.vaults.take.submit, exact: true }),
    },
    lock: {
      day: page.getByLabel(words.vaults.day, { exact: true }),
      submit: page.getByRole("button", { name: words.vaults.lock.submit, exact: true }),
    },
    done: page.getByRole("status"),
    errors: page.getByRole("main").getByRole("alert"),
    async open(name: string) {
      await page.locator("summary").filter({ hasText: name }).click();
    },
  };
}

interface NewVault {
  name: string;
  goal?: string;
  day?: string;
}

async function createVault(page: Page, words: Words, vault: NewVault): Promise<void> {
  await page.getByLabel(words.vaults.name, { exact: true }).fill(vault.name);
  if (vault.goal) await page.getByRole("textbox", { name: words.vaults.goal }).fill(vault.goal);
  if (vault.day) await page.getByLabel(words.vaults.day).fill(vault.day);
  await page.getByRole("button", { name: words.vaults.create.submit, exact: true }).click();
}

/** Ends the review of a lock. */
async function confirmLock(page: Page, words: Words, day: string): Promise<void> {
  const name = containing(say(words.vaults.lock.review.submit, { time: day }));
  await page.getByRole("button", { name }).click();
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A future day as the form posts it, and as each language writes it. */
function dayAhead(days: number, locale: Locale): { typed: string; read: string } {
  const day = new Date(Date.now() + days * DAY_MS);
  const tag = locale === "fr" ? "fr-FR" : "en-GB";
  const read = day.toLocaleDateString(tag, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return {
    typed: day.toISOString().slice(0, 10),
    read: locale === "fr" ? read.replace(/^1 /, "1er ") : read,
  };
}

test("money goes into a vault and out again, and isn't available meanwhile", async ({
  page,
  locale_: locale,
  words,
  open,
  person,
  deployment,
}) => {
  await deployment.fund(person, 10_000n);
  await open("/wallet");
  await page
    .getByRole("navigation", { name: words.overview.actions })
    .getByRole("link", { name: words.overview.vaults })
    .click();
  await expect(page.getByText(words.vaults.empty)).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: words.vaults.open }).click();
  await createVault(page, words, { name: "La moto", goal: "8 000" });
  await expect(heading(page, "La moto")).toBeVisible();
  const vault = vaultPage(page, words);
  await expect(vault.done).toHaveText(words.vaults.done.created);

  await vault.put.amount.fill("6 000");
  await vault.put.submit.click();
  await expect(vault.done).toHaveText(words.vaults.done.put);
  const progress = say(words.vaults.progress, { count: "75", amount: francs(8_000, locale) });
  await expect(page.getByText(containing(progress))).toBeVisible();
  await expect(page.getByText(signedFrancs(6_000, locale))).toBeVisible();

  await open("/wallet");
  const balance = page.getByRole("region", { name: words.overview.available });
  await expect(balance).toContainText(/4[\s,]000/);
  await expect(detail(page, words.overview.inVault)).toHaveText(francs(6_000, locale));

  await open("/wallet/vaults");
  await page.getByRole("link", { name: "La moto" }).click();
  await vault.take.amount.fill("6500");
  await vault.take.submit.click();
  const refused = say(words.fields.vault_too_little, { balance: francs(6_000, locale) });
  await expect(vault.errors).toContainText(containing(refused));
  await expect(vault.take.amount).toHaveValue("6500");
  await vault.take.amount.fill("1500");
  await vault.take.submit.click();
  await expect(vault.done).toHaveText(words.vaults.done.take);
  await expect(vault.errors).toHaveCount(0);
  await expect(page.getByText(signedFrancs(-1_500, locale))).toBeVisible();

  await open("/wallet");
  await expect(balance).toContainText(/5[\s,]500/);
  await expect(detail(page, words.overview.inVault)).toHaveText(francs(4_500, locale));

  await page.getByRole("button", { name: words.overview.hideLong }).click();
  await expect(page.getByRole("button", { name: words.overview.showLong })).toBeVisible();
  const html = await (await page.request.get(pathIn(locale, "/wallet"))).text();
  expect(html, "a hidden balance isn't sent").not.toMatch(/5[\s,]500|4[\s,]500/);
});

test("a locked vault shows its date, accepts money and refuses to give any back", async ({
  page,
  context,
  locale_: locale,
  words,
  open,
  person,
  deployment,
}) => {
  await deployment.fund(person, 10_000n);
  const day = dayAhead(30, locale);
  const later = dayAhead(60, locale);
  const { vaultId } = await deployment.openVault(person, "Tabaski", 3_000n);
  const vault = vaultPage(page, words);
  await open(`/wallet/vaults/${vaultId}`);

  // A page from before the lock, submitted after it: the server refuses, with the date.
  const stale = await context.newPage();
  await stale.goto(page.url());
  await vault.open(words.vaults.lock.heading);
  await vault.lock.day.fill(day.typed);
  await vault.lock.submit.click();
  // Nothing is locked before it was reviewed: which vault, how much is in it, until when.
  await expect(heading(page, words.vaults.lock.review.heading)).toBeVisible();
  await expectDetails(page, [
    [words.vaults.lock.review.vault, "Tabaski"],
    [words.vaults.lock.review.inside, francs(3_000, locale)],
    [words.vaults.lock.review.until, day.read],
  ]);
  await page.getByRole("link", { name: words.vaults.lock.review.edit }).click();
  await expect(vault.take.submit).toBeEnabled();
  await vault.open(words.vaults.lock.heading);
  await vault.lock.day.fill(day.typed);
  await vault.lock.submit.click();
  await confirmLock(page, words, day.read);
  await expect(vault.done).toHaveText(words.vaults.done.locked);
  const lockedUntil = say(words.vaults.lockedUntil, { time: day.read });
  await expect(page.getByText(lockedUntil, { exact: true })).toBeVisible();
  await expect(vault.take.submit).toBeDisabled();
  await expect(page.getByText(say(words.vaults.take.locked, { time: day.read }))).toBeVisible();
  const staleVault = vaultPage(stale, words);
  await staleVault.take.amount.fill("1000");
  await staleVault.take.submit.click();
  await expect(staleVault.errors).toContainText(day.read);
  await stale.close();

  await vault.put.amount.fill("500");
  await vault.put.submit.click();
  await expect(vault.done).toHaveText(words.vaults.done.put);

  await vault.open(words.vaults.lock.headingLater);
  await vault.lock.day.fill(dayAhead(29, locale).typed);
  await vault.lock.submit.click();
  await expect(vault.errors).toContainText(words.fields.date_closer);
  await expect(vault.lock.day).toBeVisible();
  await vault.lock.day.fill(later.typed);
  await vault.lock.submit.click();
  await confirmLock(page, words, later.read);
  await expect(
    page.getByText(say(words.vaults.lockedUntil, { time: later.read }), { exact: true }),
  ).toBeVisible();

  expect((await deployment.balanceOf(person)).available).toBe(6_500n);
  await open("/wallet/vaults");
  await expect(page.getByRole("list", { name: words.vaults.list })).toContainText(later.read);
});

test("a vault gets another name and is deleted once it is empty; somebody else never sees it", async ({
  page,
  browser,
  words,
  open,
  locale_: locale,
  person,
  deployment,
}) => {
  await deployment.fund(person, 2_000n);
  await open("/wallet/vaults/new");
  await createVault(page, words, { name: " ", goal: "12,5" });
  const vault = vaultPage(page, words);
  await expect(vault.errors).toContainText(words.fields.vault_name_required);
  await expect(vault.errors).toContainText(words.fields.no_decimals);
  await createVault(page, words, { name: "Ecole", goal: "5000" });
  await vault.put.amount.fill("2000");
  await vault.put.submit.click();
  await expect(vault.done).toHaveText(words.vaults.done.put);
  await expect(page.getByText(words.vaults.put.nothing)).toBeVisible();
  const address = page.url().replace(/\?.*/, "");

  await vault.open(words.vaults.close.heading);
  await expect(page.getByText(words.vaults.close.notEmpty)).toBeVisible();
  await vault.open(words.vaults.edit.heading);
  await page.getByLabel(words.vaults.name, { exact: true }).fill("Ecole de Fatou");
  await page.getByRole("button", { name: words.vaults.edit.submit, exact: true }).click();
  await expect(heading(page, "Ecole de Fatou")).toBeVisible();

  const stranger = await deployment.createPerson();
  const elsewhere = await browser.newContext();
  await elsewhere.addCookies([stranger.cookie]);
  expect((await elsewhere.request.get(address)).status()).toBe(404);
  await elsewhere.close();

  await vault.take.amount.fill("2000");
  await vault.take.submit.click();
  await expect(vault.done).toHaveText(words.vaults.done.take);
  await vault.open(words.vaults.close.heading);
  await page.getByRole("button", { name: words.vaults.close.submit, exact: true }).click();
  await expect(page).toHaveURL(`${APP_URL}${pathIn(locale, "/wallet/vaults")}?done=closed`);
  await expect(page.getByText(words.vaults.empty)).toBeVisible();
  await page.goto(address);
  await expect(page.getByText(words.vaults.isClosed)).toBeVisible();
  await expect(page.getByText(signedFrancs(-2_000, locale))).toBeVisible();
  expect((await deployment.balanceOf(person)).available).toBe(2_000n);
});

test("tapping twice puts money in once, and so does a form that arrives twice, which says so", async ({
  page,
  words,
  open,
  person,
  deployment,
}) => {
  await deployment.fund(person, 10_000n);
  const { vaultId } = await deployment.openVault(person, "Double", 1_000n, { taken: 1_000n });
  const vault = vaultPage(page, words);
  await open(`/wallet/vaults/${vaultId}`);
  await vault.put.amount.fill("1000");
  await vault.put.submit.dblclick();
  await expect(page).toHaveURL(/done=(put|again)/);
  await expect.poll(async () => (await deployment.balanceOf(person)).available).toBe(9_000n);

  const address = page.url().replace(/\?.*/, "");
  const html = await (await page.request.get(address)).text();
  const fields = bodyOfForm(html, "amount", { amount: "2000" });
  const answers = await Promise.all(
    [1, 2].map(() => post(page.request, address, fields, { origin: APP_URL })),
  );
  expect(answers.map((answer) => answer.status())).toEqual([303, 303]);
  const led = answers.map((answer) => (answer.headers().location ?? "").replace(/^.*\?/, ""));
  expect(led.sort()).toEqual(["done=again", "done=put"]);
  expect((await deployment.balanceOf(person)).available).toBe(7_000n);
  await page.goto(`${address}?done=again`);
  await expect(vault.done).toHaveText(words.form.alreadyReceived);
});

test("with JavaScript, a goal with centimes is marked when the field loses the focus", async ({
  page,
  words,
  open,
  person: _,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, "the check needs JavaScript");
  await open("/wallet/vaults/new");
  const goal = page.getByRole("textbox", { name: words.vaults.goal });
  await expect(async () => {
    await goal.fill("5000,5");
    await page.getByLabel(words.vaults.day).focus();
    await expect(page.getByText(words.fields.no_decimals)).toBeVisible({ timeout: 500 });
  }).toPass();
  await goal.fill("5000");
  await page.getByLabel(words.vaults.name, { exact: true }).focus();
  await expect(page.getByText(words.fields.no_decimals)).toHaveCount(0);
});
