import type { BrowserContext, Page } from "@playwright/test";
import { test as base, expect, heading } from "@/e2e/support/journey";
import { createContext } from "@/e2e/support/people";
import { PIN } from "@/e2e/support/pin-page";
import type { Person } from "@/e2e/support/started-deployment";
import { at, readTontine } from "@/e2e/support/tontines";
import { containing, francs, pathIn, say, type Words } from "@/e2e/support/words";
import { addDays, dayOf } from "@/lib/day-range";
import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { approvePayout } from "@/lib/services/tontines/payouts/approve-payout";
import { getSummary } from "@/lib/services/tontines/views/get-summary";

const ZONE = "Africa/Abidjan";
const NAME = "Tontine du marché";

interface Browsers {
  /** The same browser as somebody else's, signed in as this person. */
  browserOf: (person: Person) => Promise<Page>;
}

const test = base.extend<Browsers>({
  browserOf: async ({ browser, locale, javaScriptEnabled, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext({
        locale: locale ?? "fr-FR",
        javaScriptEnabled,
        ...(baseURL !== undefined && { baseURL }),
      });
      contexts.push(context);
      await context.addCookies([person.cookie]);
      return await context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

async function enterPin(page: Page, words: Words, submit: string | RegExp): Promise<void> {
  await page.getByLabel(words.pin.label, { exact: true }).fill(PIN);
  await page.getByRole("button", { name: submit }).click();
}

test("three people: a tontine from its form to the payout of the first turn", async ({
  page,
  browserOf,
  words,
  open,
  person: awa,
  deployment,
  locale_: locale,
}) => {
  test.slow();
  const t = words.tontines;
  const [koffi, fatou] = [
    await deployment.createPerson(undefined, "Koffi"),
    await deployment.createPerson(undefined, "Fatou"),
  ];
  for (const each of [awa, koffi, fatou]) {
    await deployment.givePin(each);
    await deployment.fund(each, 25_000n);
  }

  // The form keeps what was typed, and the rules are read before they are fixed.
  await open("/tontines");
  await page.getByRole("link", { name: t.create, exact: true }).click();
  await page.getByLabel(t.new.name).fill(NAME);
  await page.getByRole("button", { name: t.new.submit, exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await expect(page.getByLabel(t.new.name)).toHaveValue(NAME);
  await page.locator("[name=contribution]").fill("10 000");
  await page.getByLabel(t.new.shares).fill("3");
  await page.locator("[name=calendar]").selectOption("weekly");
  await page.getByLabel(t.new.firstDay).fill(addDays(dayOf(new Date(), ZONE), 2));
  await page.getByRole("button", { name: t.new.submit, exact: true }).click();
  await expect(heading(page, t.review.heading)).toBeVisible();
  await expect(page.getByRole("main")).toContainText(NAME);
  await page.getByRole("button", { name: t.review.submit }).click();
  await expect(heading(page, NAME)).toBeVisible();
  const code = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  // The founder signs, and invites: one by link, one by the code.
  await page.getByRole("link", { name: t.preparation.sign }).click();
  await enterPin(page, words, t.sign.submit);
  await expect(page.getByText(t.done.signed)).toBeVisible();
  await page.getByRole("button", { name: t.preparation.invite }).click();
  await expect(heading(page, t.invite.heading)).toBeVisible();
  const link = (await page.getByText(/\/join\/[\w-]{22}$/).textContent()) ?? "";
  const token = link.split("/").at(-1) ?? "";

  const koffis = await browserOf(koffi);
  await koffis.goto(pathIn(locale, `/join/${token}`));
  await expect(heading(koffis, say(t.join.heading, { name: NAME }))).toBeVisible();
  await enterPin(koffis, words, t.join.submit);
  await expect(koffis.getByText(t.done.signed)).toBeVisible();

  const fatous = await browserOf(fatou);
  await fatous.goto(pathIn(locale, "/join"));
  await fatous.getByLabel(t.byCode.label).fill(code.toLowerCase());
  await fatous.getByRole("button", { name: t.byCode.submit }).click();
  await enterPin(fatous, words, t.join.submit);
  await expect(fatous.getByText(t.done.signed)).toBeVisible();

  // Offices, then the chair starts.
  const [asAwa, asKoffi, asFatou] = [awa, koffi, fatou].map((each) => deployment.contextOf(each));
  if (!asAwa || !asKoffi || !asFatou) throw new Error("three people");
  for (const [context, role] of [
    [asKoffi, "treasurer"],
    [asFatou, "secretary"],
  ] as const) {
    const { me } = await getSummary(context, code);
    await setRoles(asAwa, { code, memberId: me.id, roles: [role] });
  }
  await open(`/tontines/${code}`);
  await page.getByRole("link", { name: t.preparation.start }).click();
  await enterPin(page, words, t.start.submit);
  await expect(page.getByText(t.done.started)).toBeVisible();
  const { id } = await readTontine(asAwa.db, code);
  await advanceTontine(createContext(asAwa.db, { kind: "system" }), id);

  // Two taps and the PIN; Koffi pays for Fatou too, and then has too little money for an advance.
  await open(`/tontines/${code}`);
  const amount = francs(10_000, locale);
  await page.getByRole("link", { name: say(t.pay.open, { amount }) }).click();
  await enterPin(page, words, say(t.pay.submit, { amount }));
  await expect(page.getByText(t.done.paid)).toBeVisible();
  await expect(page.getByText(t.nothingOwed)).toBeVisible();
  await koffis.goto(pathIn(locale, `/tontines/${code}/pay`));
  await enterPin(koffis, words, say(t.pay.submit, { amount }));
  await expect(koffis.getByText(t.done.paid)).toBeVisible();
  await koffis.getByRole("link", { name: t.pay.forOthers }).click();
  await koffis.getByRole("link", { name: containing("Fatou") }).click();
  await enterPin(koffis, words, say(t.pay.submit, { amount }));
  await expect(koffis.getByText(t.done.paid)).toBeVisible();
  await koffis.goto(pathIn(locale, `/tontines/${code}/pay?advance=1&amount=10000`));
  const missing = say(t.pay.topup, { amount: francs(5_000, locale) });
  await koffis.getByRole("link", { name: missing }).click();
  await expect(koffis.locator("[name=amount]")).toHaveValue("5000");

  // Two officers who don't receive approve: the pot is Awa's.
  const [payout] = await asAwa.db.$client<{ id: string; hash: string }[]>`
    select id, encode(shown_hash, 'hex') as hash from tontine_payouts where tontine_id = ${id.toString()}`;
  if (!payout) throw new Error("a payout is proposed");
  for (const context of [asKoffi, asFatou]) {
    await approvePayout(at(context, new Date()), { code, payoutId: payout.id, hash: payout.hash, pin: PIN });
  }
  expect((await deployment.balanceOf(awa)).available).toBe(45_000n);
  await open(`/tontines/${code}/booklet`);
  await expect(page.getByText(t.due.paid, { exact: true }).first()).toBeVisible();

  // A standing contribution is given, and stopped in one tap.
  await open(`/tontines/${code}/mandate`);
  await enterPin(page, words, t.mandate.submit);
  await expect(page.getByText(t.done.mandate)).toBeVisible();
  await open(`/tontines/${code}/mandate`);
  await page.getByRole("button", { name: t.mandate.stop }).click();
  await expect(page.getByText(t.done.stopped)).toBeVisible();
});
