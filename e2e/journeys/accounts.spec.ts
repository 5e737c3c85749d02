import type { Page } from "@playwright/test";
import { expect, heading, test } from "@/e2e/support/journey";
import { newNumber, readSmsCode } from "@/e2e/support/sandbox-messages";
import { newEmail, SANDBOX_URL } from "@/e2e/support/started-deployment";
import { pathIn, type Words } from "@/e2e/support/words";
import { DEMO_ACCOUNT } from "@/lib/services/identity/users/demo-account";

const PASSWORD = "le mil pousse bien";

async function signIn(page: Page, words: Words, email: string, password: string): Promise<void> {
  await page.locator("[name=identifier]").fill(email);
  await page.getByLabel(words.signIn.password).fill(password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

test("a page that needs a session redirects to sign-in, and signing in leads back to it", async ({
  page,
  locale_,
  words,
  open,
  deployment,
}) => {
  const { email } = await deployment.createPerson(PASSWORD);
  await open("/wallet/transactions");
  await expect(heading(page, words.signIn.heading)).toBeVisible();
  await expect(page.getByText(words.signIn.required)).toBeVisible();
  await signIn(page, words, email, PASSWORD);
  await expect(page).toHaveURL(pathIn(locale_, "/wallet/transactions"));
  await expect(heading(page, words.history.heading)).toBeVisible();
});

test("a wrong password and an unknown address get the same answer, and the address is kept", async ({
  page,
  words,
  open,
  deployment,
}) => {
  const { email: known } = await deployment.createPerson(PASSWORD);
  for (const email of [known, newEmail()]) {
    await open("/sign-in");
    await signIn(page, words, email, "not the password");
    const answer = page.getByRole("main").getByRole("alert");
    await expect(answer).toHaveText(words.errors.invalid_credentials);
    await expect(answer.getByRole("link")).toHaveCount(0);
    await expect(page.locator("[name=identifier]")).toHaveValue(email);
    await expect(page.getByLabel(words.signIn.password)).toHaveValue("");
  }
});

test("signing out ends the session, and the back button shows nothing any more", async ({
  page,
  context,
  words,
  open,
  person,
}) => {
  await open("/wallet");
  await page.getByRole("link", { name: words.nav.account }).click();
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: words.settings.signOut, exact: true }).click();
  await expect(page.getByText(words.signIn.signedOut)).toBeVisible();
  await page.goBack();
  await expect(heading(page, words.signIn.heading)).toBeVisible();
  // A kept copy of the cookie gives no access either.
  await context.addCookies([person.cookie]);
  await open("/wallet");
  await expect(heading(page, words.signIn.heading)).toBeVisible();
});

test("an address with an account can't sign up again, and the message is at its field", async ({
  page,
  words,
  open,
}) => {
  await open("/sign-up");
  await page.getByLabel(words.signUp.firstName, { exact: true }).fill("Awa");
  await page.getByLabel(words.signUp.email).fill(DEMO_ACCOUNT.email);
  await page.getByLabel(words.signUp.password).fill("une phrase assez longue");
  await page.getByRole("button", { name: words.signUp.submit }).click();
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert.getByRole("link", { name: words.fields.email_taken })).toBeVisible();
  await expect(page.getByLabel(words.signUp.firstName, { exact: true })).toHaveValue("Awa");
  await expect(page.getByLabel(words.signUp.password)).toHaveValue("");
});

const GOOGLE = {
  fr: { email: "Adresse e-mail", firstName: "Prénom", next: "Continuer", cancel: "Annuler" },
  en: { email: "E-mail address", firstName: "First name", next: "Continue", cancel: "Cancel" },
} as const;

test("somebody new signs in with Google and has a wallet", async ({ page, locale_, words, open }) => {
  const google = GOOGLE[locale_];
  const email = newEmail();
  await open("/sign-in");
  await page.getByRole("button", { name: words.signIn.google }).click();
  await expect(page).toHaveURL(new RegExp(`^${SANDBOX_URL}/google/`));
  await page.getByLabel(google.email).fill(email);
  await page.getByLabel(google.firstName).fill("Salif");
  await page.getByRole("button", { name: google.next, exact: true }).click();
  await expect(page).toHaveURL(pathIn(locale_, "/wallet"));
  await expect(page.getByText(words.overview.empty)).toBeVisible();
  await open("/wallet/settings");
  await expect(page.getByText(email)).toBeVisible();
  await expect(page.getByLabel(words.settings.firstName, { exact: true })).toHaveValue("Salif");
});

test("a sign-in cancelled at Google comes back with a message", async ({ page, locale_, words, open }) => {
  await open("/sign-in");
  await page.getByRole("button", { name: words.signIn.google }).click();
  await page.getByRole("button", { name: GOOGLE[locale_].cancel, exact: true }).click();
  await expect(heading(page, words.signIn.heading)).toBeVisible();
  await expect(page.getByText(words.signIn.googleFailed)).toBeVisible();
});

test("a phone number verified in the settings is there in the next top-up", async ({
  page,
  locale_: locale,
  words,
  open,
  topUp,
  person,
}) => {
  await open("/wallet/settings");
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole("link", { name: words.contacts.add.phone }).click();
  await page.getByLabel(words.form.country).selectOption("BF");
  const phone = page.getByLabel(words.settings.phone);
  const send = page.getByRole("button", { name: words.contacts.send, exact: true });
  await phone.fill("+226 12");
  await send.click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(words.fields.phone_invalid);
  await expect(phone).toHaveValue("+226 12");

  const number = newNumber();
  await phone.fill(number);
  await send.click();
  await page.getByLabel(words.codes.code).fill(await readSmsCode(number.replaceAll(" ", "")));
  await page.getByRole("button", { name: words.contacts.confirm, exact: true }).click();
  await expect(page).toHaveURL(pathIn(locale, "/wallet/settings?saved=phone"));
  await expect(page.getByText(words.contacts.saved.phone)).toBeVisible();
  await topUp.open();
  expect((await topUp.phone.inputValue()).replace(/\s/g, " ")).toBe(number);
});

test("another device can be signed out from the settings", async ({
  page,
  browser,
  words,
  open,
  person,
  deployment,
}) => {
  const elsewhere = await browser.newContext();
  const other = await deployment.startSession(person);
  await elsewhere.addCookies([other]);
  const there = await elsewhere.newPage();
  await there.goto("/wallet");
  await expect(there).toHaveURL(/\/wallet$/);

  await open("/wallet/settings");
  await page.getByRole("button", { name: words.settings.sessions.endOthers }).click();
  await expect(page.getByText(words.settings.sessions.endedOthers)).toBeVisible();
  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
  await elsewhere.close();
});
