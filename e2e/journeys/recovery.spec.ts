import { expect, heading, test } from "@/e2e/support/journey";
import { PIN } from "@/e2e/support/pin-page";
import { readSmsCode } from "@/e2e/support/sandbox-messages";
import { pathIn } from "@/e2e/support/words";

const OLD = "le mil pousse bien";
const NEW = "trois chèvres au puits";

const LIMIT = { fr: "25 000 FCFA", en: "FCFA 25,000" } as const;

test("a forgotten password is replaced with a code by SMS and the PIN, and money out is limited", async ({
  page,
  locale_: locale,
  words,
  open,
  deployment,
}) => {
  const person = await deployment.createPerson(OLD);
  await deployment.givePin(person);
  await deployment.fund(person, 90_000n);
  const phone = await deployment.verifyPhone(person);
  const { recovery, codes } = words;
  const identifier = page.locator("[name=identifier]");

  await open("/sign-in");
  await page.getByRole("link", { name: words.signIn.forgot }).click();
  await expect(heading(page, recovery.heading)).toBeVisible();
  await identifier.fill("12");
  await page.getByRole("button", { name: recovery.submit }).click();
  await expect(page.getByRole("alert").or(page.locator("[aria-invalid=true]")).first()).toBeVisible();
  // A number that nobody has leads to the same page.
  for (const typed of ["+226 70 00 00 99", phone]) {
    await open("/sign-in/forgot");
    await identifier.fill(typed);
    await page.getByRole("button", { name: recovery.submit }).click();
    await expect(page).toHaveURL(pathIn(locale, "/sign-in/forgot/code"));
    await expect(heading(page, recovery.codeHeading)).toBeVisible();
  }
  await page.getByLabel(codes.code).fill(await readSmsCode(phone));
  await page.getByRole("button", { name: recovery.next }).click();

  await expect(heading(page, recovery.passwordHeading)).toBeVisible();
  const password = page.locator("[name=password]");
  const save = page.getByRole("button", { name: recovery.save });
  await password.fill(NEW);
  await page.locator("[name=pin]").fill("5813");
  await save.click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("4");
  await expect(password).toHaveValue("");
  await password.fill(NEW);
  await page.locator("[name=pin]").fill(PIN);
  await save.click();

  await expect(page.getByText(words.settings.sessions.endedByRecovery)).toBeVisible();
  await open("/wallet/transfer");
  await expect(page.getByRole("main")).toContainText(LIMIT[locale]);
  expect(
    (
      await page.request.get("/wallet", {
        headers: { cookie: `${person.cookie.name}=${person.cookie.value}` },
        maxRedirects: 0,
      })
    ).status(),
  ).not.toBe(200);
});
