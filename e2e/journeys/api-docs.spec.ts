import { expect, test } from "@/e2e/support/journey";

test("the landing page leads to the API's documentation, which loads nothing from another host", async ({
  page,
  open,
  words,
  baseURL,
  javaScriptEnabled,
}) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${baseURL}/`) && !url.startsWith("data:")) elsewhere.push(url);
  });
  await page.setViewportSize({ width: 360, height: 740 });
  await open("/");
  await page.getByRole("link", { name: words.landing.apiDocs }).click();
  await expect(page).toHaveURL(/\/api\/docs$/);
  await expect(page.getByRole("heading", { level: 1, name: "Cauris API" })).toHaveCount(1);
  const call = page.locator("#operations-Wallet-postWalletTransfer");
  await expect(call.getByText("POST /api/wallet/transfer", { exact: true })).toBeVisible();
  await call.locator("summary").click();
  await expect(call.getByText("Idempotency-Key").first()).toBeVisible();
  await expect(call.getByRole("button", { name: "Execute" })).toBeVisible({
    visible: javaScriptEnabled !== false,
  });
  // Text is there before the style sheets are, and without them the page is 475 px wide.
  await page.waitForLoadState("load");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  expect(elsewhere).toEqual([]);
});

test("a call can be tried on the page, with a credential that the browser doesn't keep", async ({
  page,
  javaScriptEnabled,
  expectConsoleError,
}) => {
  test.skip(javaScriptEnabled === false, "trying needs JavaScript");
  // The credential is no good: Chromium says of the answer that it is a 401.
  expectConsoleError(/status of 401/);
  await page.goto("/api/docs");
  await page.getByLabel("Access token").fill("a.b.c");
  const balance = page.locator("#operations-Wallet-getWalletBalance");
  await balance.locator("summary").click();
  const request = page.waitForRequest(/\/api\/wallet\/balance/);
  await balance.getByRole("button", { name: "Execute" }).click();
  expect((await request).headers().authorization).toBe("Bearer a.b.c");
  await expect(balance.getByRole("status")).toContainText(/401[\s\S]*unauthenticated/);
  const kept = await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)]);
  expect(kept).toEqual([[], []]);
});
