import { existsSync } from "node:fs";
import { chromium, defineConfig, devices } from "@playwright/test";

/** The options that a project gives to the journeys' fixtures. */
export interface JourneyOptions {
  /** The language that the pages are opened in. */
  locale_: "fr" | "en";
}

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

const port = Number(process.env.E2E_PORT || 3210);
const baseURL = `http://localhost:${port}`;
const isBundled = existsSync(chromium.executablePath());
const system = SYSTEM_BROWSERS.find((place) => existsSync(place));
const executablePath = process.env.PW_CHROMIUM || (isBundled ? undefined : system);

/** `smoke`: only the journeys tagged `@smoke`, unless the whole suite is asked for (`npm test -- --full`). */
function journeys(locale: "fr" | "en", javaScriptEnabled: boolean, { smoke = false } = {}) {
  return {
    name: `${locale}-${javaScriptEnabled ? "js" : "nojs"}`,
    testMatch: "journeys/**/*.spec.ts",
    // Few tests aren't worth the start of a second worker.
    ...(smoke && !process.env.E2E_FULL ? { grep: /@smoke/, workers: 1 } : {}),
    // `@once`: links and pages that no script changes, and forms that another journey sends without one.
    ...(!javaScriptEnabled && !process.env.E2E_FULL ? { grepInvert: /@once/ } : {}),
    // axe is a script in the page.
    ...(javaScriptEnabled ? {} : { testIgnore: "**/every-page.spec.ts" }),
    use: {
      ...devices["Desktop Chrome"],
      locale_: locale,
      locale: locale === "fr" ? "fr-FR" : "en-GB",
      javaScriptEnabled,
    },
  };
}

export default defineConfig<JourneyOptions>({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  // One more than cores: tests also wait, for the worker's tasks and for webhooks.
  workers: 3,
  retries: 0,
  timeout: 30_000,
  // A busy machine: a page may wait for a worker's task and a provider's webhook.
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    baseURL,
    timezoneId: "Africa/Abidjan",
    // A trace costs as much as the test; every failure shows what its page held anyway.
    trace: process.env.E2E_TRACE ? "retain-on-failure" : "off",
    // A worker would keep copies of each page; the journeys that are about it allow it.
    serviceWorkers: "block",
    // Videos need Playwright's own ffmpeg, which comes only with its own browsers.
    video: "off",
    launchOptions: executablePath ? { executablePath } : {},
  },
  projects: [
    journeys("fr", true),
    journeys("en", false),
    journeys("fr", false, { smoke: true }),
    journeys("en", true, { smoke: true }),
    { name: "api", testMatch: "api/**/*.spec.ts" },
  ],
  webServer: {
    command: "node --import tsx e2e/support/serve.ts",
    url: `${baseURL}/api/health/ready`,
    env: { PORT: String(port), E2E_PORT: String(port) },
    timeout: 120_000,
    reuseExistingServer: false,
    stdout: "pipe",
    stderr: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
  },
});
