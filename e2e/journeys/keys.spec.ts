import type { Locator, Page } from "@playwright/test";
import postgres from "postgres";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { databaseUrl } from "@/e2e/support/deployment-addresses";
import { expect, heading, test } from "@/e2e/support/journey";
import { choosePin, PIN } from "@/e2e/support/pin-page";
import { APP_URL } from "@/e2e/support/started-deployment";
import { containing, pathIn, say, type Words } from "@/e2e/support/words";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";

/** The check box of a permission, found by label and note: one label is the beginning of another's note. */
function permission(page: Page, words: Words, name: keyof Words["keys"]["permissions"]): Locator {
  const { label, note } = words.keys.permissions[name];
  return page.getByRole("checkbox", { name: `${label} ${note}` });
}

async function fillKey(page: Page, words: Words, name: string): Promise<void> {
  await page.getByLabel(words.keys.name).fill(name);
  await permission(page, words, "read").check();
}

const submitKey = (page: Page, words: Words) =>
  page.getByRole("button", { name: words.keys.new.submit, exact: true }).click();

/** The key that the page shows once. */
async function shownKey(page: Page, words: Words): Promise<string> {
  await expect(page.getByText(words.keys.shown.heading)).toBeVisible();
  const key = await page.getByLabel(words.keys.shown.key, { exact: true }).inputValue();
  expect(key).toMatch(/^sk_live_[\w-]{49}$/);
  expect(page.url()).not.toContain(key.slice(0, 12));
  return key;
}

/** How the API answers a key. */
async function answerTo(key: string): Promise<number> {
  return (await fetch(`${APP_URL}/api/wallet/balance`, { headers: { "x-api-key": key } })).status;
}

test("a key is made from the settings, shown once with commands that hold it, and works", async ({
  page,
  locale_,
  words,
  open,
  person,
}) => {
  expect(person.email).not.toBe("");
  await open("/wallet/settings");
  await page.getByRole("link", { name: words.settings.keysOpen, exact: true }).click();
  await expect(heading(page, words.keys.heading)).toBeVisible();
  await expect(page.getByText(words.keys.empty)).toBeVisible();
  await page.getByRole("link", { name: words.keys.create }).click();
  await fillKey(page, words, "Boutique d’Awa");
  await permission(page, words, "deposit").check();
  await page.getByRole("radio", { name: words.keys.expiries["1D"] }).check();
  await submitKey(page, words);
  const key = await shownKey(page, words);
  const commands = page.getByRole("main").locator("pre");
  await expect(commands).toHaveCount(2);
  for (const command of await commands.allTextContents()) {
    expect(command).toContain(key);
    expect(command).toContain(`${APP_URL}/api/wallet/`);
  }
  expect(await answerTo(key)).toBe(200);

  await page.getByRole("link", { name: words.keys.shown.back }).click();
  await expect(page).toHaveURL(pathIn(locale_, "/wallet/keys"));
  const row = page.getByRole("listitem").filter({ hasText: "Boutique d’Awa" });
  await expect(row).toContainText(words.keys.states.active);
  await expect(row).toContainText(key.slice(0, 12));
  expect(await page.content()).not.toContain(key.slice(12));
});

test("a key is revoked after a confirmation, and refused at once", async ({ page, words, open, person }) => {
  expect(person.email).not.toBe("");
  await open("/wallet/keys/new");
  await fillKey(page, words, "caisse");
  await submitKey(page, words);
  const key = await shownKey(page, words);
  expect(await answerTo(key)).toBe(200);
  await open("/wallet/keys");
  const revoke = page.getByRole("button", { name: say(words.keys.revoke.named, { name: "caisse" }) });
  await expect(revoke).toBeHidden();
  await page.getByRole("listitem").locator("summary").click();
  await expect(page.getByText(words.keys.revoke.text)).toBeVisible();
  await revoke.click();
  await expect(page.getByText(words.keys.revoke.done)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "caisse" })).toContainText(
    words.keys.states.revoked,
  );
  expect(await answerTo(key)).toBe(401);
});

test("a key without a name or a permission is refused, and what was typed is kept", async ({
  page,
  words,
  open,
  person,
}) => {
  expect(person.email).not.toBe("");
  await open("/wallet/keys/new");
  await page.getByLabel(words.keys.name).fill("sans rien");
  await page.getByRole("radio", { name: words.keys.expiries["1Y"] }).check();
  await submitKey(page, words);
  const errors = page.getByRole("main").getByRole("alert");
  await expect(errors.getByRole("link", { name: words.fields.permission_required })).toBeVisible();
  await expect(page.getByLabel(words.keys.name)).toHaveValue("sans rien");
  await expect(page.getByRole("radio", { name: words.keys.expiries["1Y"] })).toBeChecked();
  await page.getByLabel(words.keys.name).fill("");
  await permission(page, words, "transfer").check();
  await submitKey(page, words);
  await expect(errors.getByRole("link", { name: words.fields.required })).toBeVisible();
  await expect(permission(page, words, "transfer")).toBeChecked();
});

test("a key that sends money asks for the PIN, which is chosen first", async ({
  page,
  words,
  open,
  person,
}) => {
  expect(person.email).not.toBe("");
  await open("/wallet/keys/new");
  await expect(page.getByText(words.keys.pin.needed)).toBeVisible();
  await page.getByRole("link", { name: words.pin.heading }).click();
  await choosePin(page, words, PIN);
  await fillKey(page, words, "caisse");
  await permission(page, words, "transfer").check();
  await submitKey(page, words);
  const errors = page.getByRole("main").getByRole("alert");
  await expect(errors).toContainText(words.errors.pin_required);
  await expect(permission(page, words, "transfer")).toBeChecked();
  await page.getByLabel(words.pin.label, { exact: true }).fill(PIN);
  await submitKey(page, words);
  expect(await answerTo(await shownKey(page, words))).toBe(200);
  await open("/wallet/settings");
  await expect(page.getByText("caisse")).toBeVisible();
  await page.getByRole("checkbox", { name: words.settings.sessions.revokeKeys }).check();
  await page.getByRole("button", { name: words.settings.sessions.endOthers }).click();
  await expect(page.getByText(words.settings.sessions.endedAll)).toBeVisible();
  await open("/wallet/keys");
  await expect(page.getByRole("listitem").filter({ hasText: "caisse" })).toContainText(
    words.keys.states.revoked,
  );
});

test("an expired key is renewed once, and says that it was replaced", async ({
  page,
  locale_,
  words,
  open,
  person,
}) => {
  const database = postgres(databaseUrl(), { max: 1 });
  const { keyId } = await insertExpiredKey(database, person.userId);
  await database.end();
  await open("/wallet/keys");
  await page.getByRole("link", { name: say(words.keys.renew.named, { name: "old one" }) }).click();
  await expect(page).toHaveURL(pathIn(locale_, `/wallet/keys/renew/${keyId}`));
  await page.getByRole("button", { name: words.keys.renew.submit, exact: true }).click();
  expect(await answerTo(await shownKey(page, words))).toBe(200);
  await open("/wallet/keys");
  await expect(page.getByRole("listitem").filter({ hasText: words.keys.states.replaced })).toHaveCount(1);
  await expect(page.getByRole("listitem").filter({ hasText: words.keys.states.active })).toHaveCount(1);
  await open(`/wallet/keys/renew/${keyId}`);
  await page.getByRole("button", { name: words.keys.renew.submit, exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(words.errors.key_replaced);
});

test("the sixth key is refused, and the list says why there is no more", { tag: "@once" }, async ({
  page,
  words,
  open,
  person,
  deployment,
}) => {
  for (let count = 1; count <= 5; count += 1) {
    await createApiKey(deployment.contextOf(person), {
      name: `caisse ${count}`,
      permissions: ["read"],
      expiry: "1M",
      pin: "",
    });
  }
  await open("/wallet/keys/new");
  await fillKey(page, words, "caisse 6");
  await submitKey(page, words);
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(words.errors.key_limit_reached);
  await open("/wallet/keys");
  await expect(page.getByText(containing(say(words.keys.full, { count: "5" })))).toBeVisible();
  await expect(page.getByRole("link", { name: words.keys.create })).toHaveCount(0);
});

test("somebody else's key has no page", { tag: "@once" }, async ({
  page,
  words,
  open,
  person,
  deployment,
  expectConsoleError,
}) => {
  expectConsoleError(/404/);
  expect(person.email).not.toBe("");
  const other = await deployment.createPerson();
  const database = postgres(databaseUrl(), { max: 1 });
  const { keyId } = await insertExpiredKey(database, other.userId);
  await database.end();
  await open(`/wallet/keys/renew/${keyId}`);
  await expect(heading(page, words.notFound.heading)).toBeVisible();
});

test("the button copies the key", async ({ page, context, words, open, person, javaScriptEnabled }) => {
  expect(person.email).not.toBe("");
  await open("/wallet/keys/new");
  await fillKey(page, words, "copie");
  await submitKey(page, words);
  const key = await shownKey(page, words);
  const button = page.getByRole("button", { name: words.keys.shown.copy });
  if (!javaScriptEnabled) {
    await expect(button).toHaveCount(0);
    return;
  }
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await button.click();
  await expect(page.getByRole("button", { name: words.keys.shown.copied })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
});
