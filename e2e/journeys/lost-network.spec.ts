import { expect, test } from "@/e2e/support/journey";

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
