import {
  test as base,
  type ConsoleMessage,
  expect,
  type Locator,
  type Page,
  type WebError,
} from "@playwright/test";
import type { JourneyOptions } from "@/playwright.config";
import { type OrderPage, topUpPage, withdrawPage } from "./order-page";
import { type Deployment, openDeployment, type Person } from "./started-deployment";
import { type Locale, pathIn, readWords, type Words } from "./words";

export { expect };

interface JourneyFixtures extends JourneyOptions {
  locale_: Locale;
  words: Words;
  /** Opens a page in the project's language, by its French address. */
  open: (address: string) => Promise<void>;
  /** A new person, signed in in `page`. */
  person: Person;
  topUp: OrderPage;
  withdraw: OrderPage;
  /** Expects a console error; any other one fails the test. */
  expectConsoleError: (message: RegExp) => void;
}

interface WorkerFixtures {
  deployment: Deployment;
  /** A page for many tests, in a context of its own. */
  sharedPage: Page;
}

// Chromium logs this for a page with status 404; tests check statuses themselves.
const OWN_STATUS = /^Failed to load resource: the server responded with a status of 404/;

export const test = base.extend<JourneyFixtures, WorkerFixtures>({
  locale_: ["fr", { option: true }],
  deployment: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here
    async ({}, use) => {
      const deployment = openDeployment();
      await use(deployment);
      await deployment.close();
    },
    { scope: "worker" },
  ],
  // Not in the one file that uses it: another set of worker fixtures is another worker.
  sharedPage: [
    async ({ browser }, use, { project }) => {
      const { baseURL = "", locale = "", timezoneId = "", viewport = null } = project.use;
      const context = await browser.newContext({ baseURL, locale, timezoneId, viewport });
      await use(await context.newPage());
      await context.close();
    },
    { scope: "worker" },
  ],
  words: async ({ locale_ }, use) => use(readWords(locale_)),
  open: async ({ page, locale_ }, use) =>
    use(async (address) => {
      await page.goto(pathIn(locale_, address));
    }),
  person: async ({ deployment, context }, use) => {
    const person = await deployment.createPerson();
    await context.addCookies([person.cookie]);
    await use(person);
  },
  topUp: async ({ page, words, open }, use) => use(topUpPage(page, words, open)),
  withdraw: async ({ page, words, open }, use) => use(withdrawPage(page, words, open)),
  expectConsoleError: [
    async ({ context }, use) => {
      const expected: RegExp[] = [];
      const seen: string[] = [];
      const onConsole = (message: ConsoleMessage) => {
        if (message.type() === "error") seen.push(`${message.text()} (${message.location().url})`);
      };
      const onWebError = (error: WebError) => seen.push(String(error.error()));
      context.on("console", onConsole).on("weberror", onWebError);
      await use((message) => expected.push(message));
      context.off("console", onConsole).off("weberror", onWebError);
      const unexpected = seen.filter((text) => !expected.some((pattern) => pattern.test(text)));
      expect(unexpected, "unexpected console errors").toEqual([]);
    },
    { auto: true },
  ],
});

export const MISSING_PAGE = OWN_STATUS;

/** The page's first heading. */
export function heading(page: Page, name: string): Locator {
  return page.getByRole("heading", { level: 1, name });
}

/** The value beside a label such as `Frais` or `Solde après`. */
export function detail(page: Page, label: string): Locator {
  return page
    .getByRole("term")
    .filter({ hasText: new RegExp(`^${label}$`) })
    .locator("xpath=following-sibling::dd");
}

/** Checks the values beside their labels. */
export async function expectDetails(
  page: Page,
  expected: readonly (readonly [label: string, value: string])[],
): Promise<void> {
  for (const [label, value] of expected) await expect(detail(page, label)).toHaveText(value);
}

/** The references of the operations that the page lists, newest first. */
export async function listedReferences(page: Page): Promise<string[]> {
  const links = page.getByRole("main").locator('a[href*="/wallet/transactions/TXN-"]');
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  return addresses.map((address) => address.split("/").at(-1) ?? "");
}
