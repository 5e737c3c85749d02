import { expect, heading, test } from "@/e2e/support/journey";
import { francs, pathIn } from "@/e2e/support/words";

test.use({ serviceWorkers: "allow" });

test("money that arrives is told: counted in the header, read, and marked as read", async ({
  page,
  words,
  open,
  person,
  deployment,
  locale_: locale,
}) => {
  const sender = await deployment.createPerson(undefined, "Moussa");
  await deployment.fund(sender, 5_000n);
  const reference = await deployment.send(sender, person, 2_000n);
  await page.setViewportSize({ width: 360, height: 740 });
  await open("/wallet");
  const link = page.getByRole("banner").getByRole("link", { name: words.nav.notices });
  await expect(link).toContainText("1");
  await link.click();
  await expect(heading(page, words.notices.heading)).toBeVisible();
  const [row] = [page.getByRole("main").getByRole("listitem").first()];
  await expect(row).toContainText("Moussa");
  await expect(row).toContainText(francs(2_000, locale));
  await expect(row).toContainText(words.notices.unread);
  await expect(row.getByRole("link")).toHaveAttribute("href", new RegExp(`${reference}$`));
  await page.getByRole("button", { name: words.notices.markRead }).click();
  await expect(page.getByRole("status")).toContainText(words.notices.marked);
  await expect(row).not.toContainText(words.notices.unread);
  await expect(link).not.toContainText("1");
  await row.getByRole("link").click();
  await expect(page).toHaveURL(
    ({ pathname }) => pathname === pathIn(locale, `/wallet/transactions/${reference}`),
  );
});

test("what is sent where is chosen, but security is always told", async ({
  page,
  words,
  open,
  person: _,
}) => {
  await open("/wallet/settings/notices");
  const { groups, channels, submit, saved } = words.noticeSettings;
  const box = (group: string, channel: string) =>
    page.getByRole("group", { name: group }).getByRole("checkbox", { name: channel });
  await expect(box(groups.money_in, channels.sms)).toBeChecked();
  await expect(box(groups.security, channels.sms)).toBeDisabled();
  await box(groups.money_in, channels.sms).uncheck();
  await box(groups.money_out, channels.sms).check();
  await page.getByRole("button", { name: submit, exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: saved })).toBeVisible();
  await expect(box(groups.money_in, channels.sms)).not.toBeChecked();
  await expect(box(groups.money_out, channels.sms)).toBeChecked();
  await expect(box(groups.security, channels.sms)).toBeChecked();
});

test("a browser takes messages by push and stops taking them", async ({
  page,
  context,
  words,
  open,
  person: _,
  javaScriptEnabled,
  baseURL,
}) => {
  test.skip(!javaScriptEnabled, "push needs JavaScript, and isn't offered without it");
  await context.grantPermissions(["notifications"], { origin: baseURL ?? "" });
  await open("/wallet/settings/notices");
  const on = page.getByRole("button", { name: words.noticeSettings.push.on });
  await expect(on).toBeVisible();
  // A headless browser has no push service: its answer is played.
  await page.evaluate(() => {
    const keys = { p256dh: "k".repeat(87), auth: "a".repeat(22) };
    const endpoint = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`;
    Object.assign(PushManager.prototype, {
      getSubscription: async () => null,
      subscribe: async () => ({ toJSON: () => ({ endpoint, keys }) }),
    });
  });
  await on.click();
  const off = page.getByRole("button", { name: words.noticeSettings.push.off });
  await expect(off).toBeVisible();
  const script = await page.evaluate(
    async () => (await navigator.serviceWorker.getRegistration())?.active?.scriptURL,
  );
  expect(script).toMatch(/\/sw\.js$/);
  await off.click();
  await expect(on).toBeVisible();
});
