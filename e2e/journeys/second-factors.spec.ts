import { generateSync } from "otplib";
import { expect, heading, test } from "@/e2e/support/journey";
import { PIN } from "@/e2e/support/pin-page";
import { transferPage } from "@/e2e/support/transfer-page";
import { addVirtualAuthenticator } from "@/e2e/support/virtual-authenticator";
import { containing } from "@/e2e/support/words";

const PASSWORD = "le mil pousse bien";

test("a passkey is added with the PIN, confirms a transfer, signs in, and is removed", async ({
  page,
  words,
  open,
  person,
  deployment,
  javaScriptEnabled,
}) => {
  const { passkeys, pin } = words;
  const recipient = await deployment.createPerson();
  await deployment.givePin(person);
  await deployment.fund(person, 5_000n);

  if (!javaScriptEnabled) {
    await open("/wallet/settings/passkeys");
    await expect(page.getByText(passkeys.needsScript)).toBeVisible();
    await expect(page.getByRole("button", { name: passkeys.add })).toHaveCount(0);
    return;
  }

  await addVirtualAuthenticator(page);
  await open("/wallet/settings/passkeys");
  await expect(page.getByText(passkeys.none)).toBeVisible();
  await page.getByLabel(pin.label, { exact: true }).fill("5813");
  await page.getByRole("button", { name: passkeys.add }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await page.getByLabel(pin.label, { exact: true }).fill(PIN);
  await page.getByRole("button", { name: passkeys.add }).click();
  await expect(page.getByText(passkeys.added)).toBeVisible();

  const transfer = transferPage(page, words, open);
  await transfer.review({ walletNumber: recipient.walletNumber, amount: "2000" });
  await page.getByRole("button", { name: passkeys.confirm }).click();
  await expect(page).toHaveURL(/\/wallet\/transactions\/TXN-/);
  expect(await deployment.balanceOf(recipient)).toMatchObject({ available: 2_000n });

  await open("/wallet/settings");
  await page.getByRole("button", { name: words.settings.signOut, exact: true }).click();
  await expect(page).not.toHaveURL(/\/wallet/);
  await open("/sign-in");
  await page.getByRole("button", { name: passkeys.signIn }).click();
  await expect(heading(page, words.overview.heading)).toBeVisible();
  expect(await deployment.balanceOf(person)).toMatchObject({ available: 3_000n });

  await open("/wallet/settings/passkeys");
  await page
    .getByRole("button", { name: containing(passkeys.removeNamed.split("{")[0]?.trim() ?? "") })
    .click();
  await expect(page.getByText(passkeys.removed)).toBeVisible();
  await expect(page.getByText(passkeys.none)).toBeVisible();
});

test("an authenticator app is set up, asked for at sign-in, and a recovery code replaces it", async ({
  page,
  words,
  open,
  deployment,
}) => {
  const { totp, signIn } = words;
  const person = await deployment.createPerson(PASSWORD);
  const submit = page.getByRole("button", { name: signIn.submit, exact: true });
  const enterPassword = async () => {
    await open("/sign-in");
    await page.getByLabel(signIn.identifier, { exact: true }).fill(person.email);
    await page.getByLabel(signIn.password, { exact: true }).fill(PASSWORD);
    await submit.click();
  };
  const code = page.getByLabel(totp.code, { exact: true });

  await enterPassword();
  await expect(heading(page, words.overview.heading)).toBeVisible();
  await open("/wallet/settings/totp");
  await page.getByLabel(words.pin.password, { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: totp.start }).click();
  await expect(page.getByRole("img", { name: totp.qrLabel })).toBeVisible();
  const secret = (await page.getByText(/^[A-Z2-7]{32}$/).textContent()) ?? "";
  await code.fill(generateSync({ secret }));
  await page.getByRole("button", { name: totp.confirm }).click();
  await expect(page.getByText(totp.enabled)).toBeVisible();
  const recovery = (await page.getByRole("main").getByRole("listitem").first().textContent()) ?? "";

  await open("/wallet/settings");
  await page.getByRole("button", { name: words.settings.signOut, exact: true }).click();
  await expect(page).not.toHaveURL(/\/wallet/);
  await enterPassword();
  await expect(heading(page, totp.signInHeading)).toBeVisible();
  // The code that switched it on is used up.
  await code.fill("000000");
  await submit.click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await code.fill(recovery);
  await submit.click();
  await expect(heading(page, words.overview.heading)).toBeVisible();
});
