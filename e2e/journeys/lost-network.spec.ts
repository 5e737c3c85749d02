import type { Page } from "@playwright/test";
import { expect, heading, test } from "@/e2e/support/journey";
import { pathIn } from "@/e2e/support/words";

// Without JavaScript the browser's own page says that there is no network, and its reload sends the same form.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "a form is kept by a script");

const OFFLINE = /^(?:Pas de réseau|No network)/;
const SILENT = /^(?:Aucune réponse|No answer)/;

test("a form sent without a network, or whose answer is lost, stays with what was typed, and is done once", async ({
  page,
  context,
  words,
  open,
  person,
  deployment,
  expectConsoleError,
}) => {
  expectConsoleError(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/);
  await deployment.fund(person, 10_000n);
  const { vaultId } = await deployment.openVault(person, "La moto", 1_000n);
  const address = `/wallet/vaults/${vaultId}`;
  await open(address);
  const form = page.locator("form").filter({ has: page.locator("#put-amount") });
  const amount = page.locator("#put-amount");
  const key = form.locator('input[name="key"]');
  const submit = form.getByRole("button", { name: words.vaults.put.submit, exact: true });
  const first = await key.inputValue();

  await amount.fill("500");
  await context.setOffline(true);
  await page.waitForFunction(() => !navigator.onLine);
  await submit.click();
  await expect(form.getByRole("alert")).toHaveText(OFFLINE);
  await expect(amount).toHaveValue("500");
  expect(await key.inputValue()).toBe(first);
  await context.setOffline(false);

  // The request arrives, and its answer doesn't.
  await page.route(`**${address}**`, async (route) => {
    if (route.request().method() === "POST") await route.fetch();
    await route.abort("failed");
  });
  await submit.click();
  await expect(form.getByRole("alert")).toHaveText(SILENT);
  await expect(amount).toHaveValue("500");
  expect(await key.inputValue()).toBe(first);
  expect((await deployment.balanceOf(person)).available).toBe(8_500n);

  await page.unroute(`**${address}**`);
  await submit.click();
  await expect(page.getByText(words.form.alreadyReceived)).toBeVisible();
  expect((await deployment.balanceOf(person)).available).toBe(8_500n);
});

test("a PIN that was typed stays too, and the money leaves once", async ({
  page,
  context,
  words,
  open,
  person,
  deployment,
  expectConsoleError,
}) => {
  expectConsoleError(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/);
  await deployment.fund(person, 10_000n);
  await deployment.givePin(person);
  const { walletNumber } = await deployment.createPerson();
  await open("/wallet/transfer");
  await page.locator("#walletNumber").fill(walletNumber);
  await page.locator("#amount").fill("2000");
  await page.getByRole("button", { name: words.transfer.submit, exact: true }).click();
  const pin = page.getByLabel(words.pin.label, { exact: true });
  await pin.fill("2468");
  await context.setOffline(true);
  await page.waitForFunction(() => !navigator.onLine);
  await page.locator("form").filter({ has: pin }).locator("button:not([aria-hidden])").click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(OFFLINE);
  await expect(pin).toHaveValue("2468");
  expect((await deployment.balanceOf(person)).available).toBe(10_000n);
});

test.describe("old copies of pages", () => {
  test.use({ serviceWorkers: "allow" });

  /** The paths that this browser has a copy of. */
  const keptPaths = (page: Page): Promise<string[]> =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith("copies-"));
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests
        .flat()
        .map(({ url }) => new URL(url).pathname)
        .filter((path) => !path.endsWith(".css"));
    });

  test("the overview, the history and receipts that were seen are read without a network, dated, and can send nothing", async ({
    page,
    context,
    words,
    open,
    person,
    deployment,
    locale_: locale,
    expectConsoleError,
  }) => {
    expectConsoleError(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
    const { title, text, retry } = words.oldCopy;
    const reference = await deployment.fund(person, 76_543n);
    const kept = ["/wallet/transactions", `/wallet/transactions/${reference}`, "/wallet"];
    for (const address of [...kept, "/wallet/settings"]) await open(address);
    for (const address of kept) {
      await open(address);
      await expect(page.getByText(title)).toBeHidden();
    }
    await expect
      .poll(async () => (await keptPaths(page)).sort())
      .toEqual(kept.map((each) => pathIn(locale, each)).sort());

    await context.setOffline(true);
    for (const address of kept) {
      await open(address);
      await expect(page.getByText(title)).toBeVisible();
      await expect(page.getByText(/^(?:Vu le|Seen on) \d+ .* (?:à|at) \d\d:\d\d\sGMT\.$/)).toBeVisible();
      await expect(page.getByText(text)).toBeVisible();
      await expect(page.getByRole("main")).toContainText(/76[\s,]543/);
      await expect(page.locator("button:enabled, input:enabled, select:enabled")).toHaveCount(0);
      await expect(page.locator("body")).toHaveCSS("background-color", "rgb(250, 247, 242)");
    }
    await open("/wallet/topup");
    await expect(heading(page, locale === "fr" ? "Pas de réseau" : "No network")).toBeVisible();
    await page
      .getByRole("main")
      .locator(`a[href="${pathIn(locale, "/wallet")}"]`)
      .click();
    await expect(page.getByText(title)).toBeVisible();

    await context.setOffline(false);
    await page.getByRole("link", { name: retry }).click();
    await expect(page.getByText(title)).toBeHidden();
    await expect(page.getByRole("button", { name: words.overview.hideLong })).toBeEnabled();
  });

  test("they are gone once the balance is hidden, somebody else signs in, or the person signs out", async ({
    page,
    context,
    words,
    open,
    person,
    deployment,
    locale_: locale,
  }) => {
    const { fund } = deployment;
    await fund(person, 1_000n);
    const receipt = `/wallet/transactions/${await fund(person, 76_543n)}`;
    const textsKept = () =>
      page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith("copies-"));
        const found = await Promise.all(
          names.map(async (name) => {
            const cache = await caches.open(name);
            return await Promise.all(
              (await cache.keys()).map(async (each) => (await cache.match(each))?.text()),
            );
          }),
        );
        return found.flat().join();
      });
    const keepOverview = async () => {
      await open("/wallet");
      await expect.poll(() => keptPaths(page)).toContain(pathIn(locale, "/wallet"));
    };
    await keepOverview();
    // The sum of two operations stands in the balance only.
    expect(await textsKept()).toMatch(/77[\s,]543/);
    await page.getByRole("button", { name: words.overview.hideLong }).click();
    await expect(page.getByRole("button", { name: words.overview.showLong })).toBeVisible();
    await expect.poll(textsKept).toContain(words.overview.showLong);
    expect(await textsKept()).not.toMatch(/77[\s,]543/);

    // By a script, and as a browser does without one.
    for (const submit of ["requestSubmit", "submit"] as const) {
      await keepOverview();
      await open("/wallet/settings");
      const form = page.locator("form", {
        has: page.getByRole("button", { name: words.settings.signOut, exact: true }),
      });
      await form.evaluate((element: HTMLFormElement, method) => element[method](), submit);
      await expect(page).toHaveURL(/signedOut=1/);
      await expect.poll(() => keptPaths(page)).toEqual([]);
      await context.addCookies([await deployment.startSession(person)]);
    }
    await keepOverview();
    await open(receipt);
    await expect.poll(() => keptPaths(page)).toContain(pathIn(locale, receipt));
    await context.addCookies([(await deployment.createPerson()).cookie]);
    await open("/wallet/settings");
    await expect.poll(() => keptPaths(page)).toEqual([]);
  });
});
