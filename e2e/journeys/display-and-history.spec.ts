import { detail, expect, heading, listedReferences, MISSING_PAGE, test } from "@/e2e/support/journey";
import { reviewWithdrawal } from "@/e2e/support/prepared-orders";
import { readPdf } from "@/e2e/support/read-pdf";
import { francs, pathIn, say } from "@/e2e/support/words";
import { groupReference } from "@/lib/ids";

test("a hidden balance isn't in the page at all, and stays hidden until it is shown again", async ({
  page,
  locale_,
  words,
  open,
  person,
  deployment,
}) => {
  await deployment.fund(person, 76_543n);
  await open("/wallet");
  await page.getByRole("main").getByRole("link", { name: words.balanceHistory.heading }).click();
  const chart = page.getByRole("img", { name: words.balanceHistory.period["30d"] });
  await expect(chart).toBeVisible();
  await page.getByText(words.balanceHistory.figures).click();
  await expect(page.getByRole("row").filter({ hasText: words.balanceHistory.now })).toContainText(
    /76[\s,]543/,
  );
  await open("/wallet");
  const card = page.getByRole("region", { name: words.overview.available });
  await expect(card).toContainText(/76[\s,]543/);
  await page.getByRole("button", { name: words.overview.hideLong }).click();
  await expect(card.getByText(words.overview.hidden).first()).toBeAttached();
  const html = await (await page.request.get(pathIn(locale_, "/wallet"))).text();
  // The operation is still listed, with its sign.
  expect(html).not.toContain(words.balanceHistory.heading);
  expect(html.replace(/\+\s*(?:FCFA\s*)?76[\s,]543/g, "")).not.toMatch(/76[\s,.]?543/);

  const { vaultId } = await deployment.openVault(person, "La moto", 1_111n, { goal: "3 000" });
  for (const address of ["withdraw", "transfer", "vaults", `vaults/${vaultId}`, "balance"]) {
    const other = await (await page.request.get(pathIn(locale_, `/wallet/${address}`))).text();
    expect(other.replace(/[+−]\s*(?:FCFA\s*)?1[\s,]111/g, ""), address).not.toMatch(
      /75[\s,.]?432|1[\s,.]111/,
    );
    expect(other, address).toContain(words.overview.hiddenAmount);
  }
  await open("/wallet");
  await page.getByRole("button", { name: words.overview.showLong }).click();
  await expect(card).toContainText(/75[\s,]432/);
});

test("switching the language keeps the page, and the choice lasts", { tag: "@once" }, async ({
  page,
  locale_,
  words,
  open,
  person,
}) => {
  const other = locale_ === "fr" ? "en" : "fr";
  await open("/wallet/transactions?type=deposit");
  await expect(page.locator("html")).toHaveAttribute("lang", locale_);
  await page.getByRole("link", { name: words.shell.switchLanguage }).click();
  await expect(page).toHaveURL(pathIn(other, "/wallet/transactions?type=deposit"));
  await expect(page.locator("html")).toHaveAttribute("lang", other);
  await page.goto("/");
  await expect(page).toHaveURL(pathIn(other, "/"));
  await expect(page.locator("html")).toHaveAttribute("lang", other);
  expect(person.email).toContain("@");
});

test("the language chosen in the settings lasts too", async ({ page, locale_, words, open, person }) => {
  const other = locale_ === "fr" ? "en" : "fr";
  await open("/wallet/settings");
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole("radio", { name: words.settings.languages[other] }).check();
  await page.getByRole("button", { name: words.settings.saveLanguage }).click();
  await expect(page).toHaveURL(({ pathname }) => pathname === pathIn(other, "/wallet/settings"));
  for (const address of ["/", "/wallet", "/wallet/topup?currency=NGN"]) {
    await page.goto(address);
    await expect(page, address).toHaveURL(pathIn(other, address));
    await expect(page.locator("html"), address).toHaveAttribute("lang", other);
  }
  await page.goto("/en/wallet");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the appearance chosen in the settings lasts", async ({ page, words, open, person }) => {
  await open("/wallet/settings");
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole("radio", { name: words.settings.themes.dark }).check();
  await page.getByRole("button", { name: words.settings.saveTheme }).click();
  await expect(page.getByText(words.settings.saved)).toBeVisible();
  await open("/wallet");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(18, 17, 28)");
});

test("the history is found by reference, by type and by state, and its pages by link", {
  tag: "@smoke",
}, async ({ page, words, open, person, deployment }) => {
  const references: string[] = [];
  for (let count = 0; count < 23; count += 1) references.push(await deployment.fund(person, 1_000n));
  const [first = ""] = references;
  await open("/wallet/transactions");
  expect(await listedReferences(page)).toEqual(references.toReversed().slice(0, 20));
  await page.getByRole("link", { name: words.history.older }).click();
  await expect(page).toHaveURL(/cursor=/);
  expect(await listedReferences(page)).toEqual(references.toReversed().slice(20));
  await page.getByRole("link", { name: words.history.newer }).click();
  await expect(page.getByRole("link", { name: words.history.older })).toBeVisible();

  await page.getByRole("searchbox", { name: words.history.search }).fill(first);
  await page.getByRole("button", { name: words.history.apply }).click();
  await expect(page).toHaveURL(/text=/);
  expect(await listedReferences(page)).toEqual([first]);

  const filters = page.locator("summary").filter({ hasText: words.history.filters });
  await filters.click();
  await page
    .getByRole("combobox", { name: words.history.filterType })
    .selectOption({ label: words.kinds.withdrawal });
  await page.getByRole("button", { name: words.history.apply }).click();
  await expect(page.getByText(words.history.nothingFound, { exact: true })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: words.history.clear }).click();
  await filters.click();
  await page
    .getByRole("combobox", { name: words.history.filterState })
    .selectOption({ label: words.states.done });
  await page.getByRole("button", { name: words.history.apply }).click();
  await expect(page).toHaveURL(/status=succeeded/);
  expect(await listedReferences(page)).toHaveLength(20);

  // The newest of the months, with the filter by state as it was; both stay filled in, and are summed.
  await page.getByRole("navigation", { name: words.history.months }).getByRole("link").first().click();
  await expect(page).toHaveURL(/from=\d{4}-\d{2}-01&to=\d{4}-\d{2}-\d{2}&status=succeeded/);
  await expect(page.getByLabel(words.history.from, { exact: true })).toHaveValue(/-01$/);
  await expect(page.getByRole("region", { name: words.history.totals })).toContainText(
    /\+\s(?:FCFA\s)?23[\s,]000/,
  );
  expect(await listedReferences(page)).toHaveLength(20);

  await page.getByRole("link", { name: words.history.statementOfDays }).click();
  await expect(page).toHaveURL(/statements\?currency=XOF&from=\d{4}-\d{2}-01&to=\d{4}-\d{2}-\d{2}$/);
  await expect(heading(page, words.statements.heading)).toBeVisible();

  await open("/wallet/transactions?from=2026-02-02&to=2026-02-01&amount=mil");
  await expect(page.getByRole("main").getByRole("alert")).toContainText(words.fields.range_reversed);
  await expect(page.getByLabel(words.history.to, { exact: true })).toHaveValue("2026-02-01");
  await expect(page.getByLabel(words.form.amount, { exact: true })).toHaveValue("mil");
});

test("the history is found by name, by amount, by vault and by type", { tag: "@once" }, async ({
  page,
  words,
  open,
  person,
  deployment,
}) => {
  test.slow();
  const other = await deployment.createPerson(undefined, "Moussa");
  const deposit = await deployment.fund(person, 50_000n);
  await deployment.fund(other, 9_000n);
  const sent = await deployment.send(person, other, 2_345n, "Pour le mil");
  const received = await deployment.send(other, person, 1_200n);
  const { put, taken } = await deployment.openVault(person, "La moto", 6_000n, { taken: 1_200n });
  const search = page.getByRole("searchbox", { name: words.history.search });
  const type = page.getByRole("combobox", { name: words.history.filterType });
  const apply = page.getByRole("button", { name: words.history.apply });
  const searches: [text: string, found: (string | null)[]][] = [
    ["moussa", [received, sent]],
    ["2 345 FCFA", [sent]],
    ["La moto", [taken, put]],
    ["Sawadogo", []],
  ];
  await open("/wallet/transactions");
  await expect(page.getByRole("main").getByText("Pour le mil")).toBeVisible();
  for (const [text, found] of searches) {
    await test.step(text, async () => {
      await search.fill(text);
      await apply.click();
      await expect(search).toHaveValue(text);
      await expect.poll(() => new URL(page.url()).searchParams.get("text")).toBe(text);
      await expect.poll(() => listedReferences(page)).toEqual(found);
    });
  }
  await open("/wallet/transactions");
  await page.locator("summary").filter({ hasText: words.history.filters }).click();
  for (const [kind, found] of [
    ["transfers", [received, sent]],
    ["vault_deposit", [put]],
    ["vault_withdrawal", [taken]],
    ["deposit", [deposit]],
  ] as const) {
    await test.step(kind, async () => {
      await type.selectOption({ label: words.kinds[kind] });
      await apply.click();
      await expect(page).toHaveURL(new RegExp(`type=${kind.replace(/s$/, "")}`));
      await expect.poll(() => listedReferences(page)).toEqual(found);
    });
  }
  // Both filters at once: of the matching operations only those into a vault.
  await search.fill("moussa");
  await type.selectOption({ label: words.kinds.vault_deposit });
  await apply.click();
  await expect(page.getByText(words.history.nothingFound, { exact: true })).toBeVisible();
});

test("a receipt shows the reference, both sides, the fee, the state, the amount in words and the time", {
  tag: "@once",
}, async ({ page, locale_, words, open, person, deployment }) => {
  const reference = await deployment.fund(person, 12_500n);
  await open(`/wallet/transactions/${reference}`);
  const { operation } = words;
  await expect(heading(page, words.topup.done.heading)).toBeVisible();
  await expect(detail(page, operation.reference)).toHaveText(groupReference(reference));
  await expect(detail(page, operation.kind)).toHaveText(words.kinds.deposit);
  await expect(detail(page, operation.state)).toHaveText(words.states.done);
  await expect(detail(page, operation.from)).toContainText("Wave");
  await expect(detail(page, operation.to)).toContainText(person.firstName);
  await expect(detail(page, operation.amount)).toHaveText(francs(12_500, locale_));
  await expect(detail(page, operation.fee)).toHaveText(operation.noFee);
  const inWords = { fr: "douze mille cinq cents francs", en: "twelve thousand five hundred francs" };
  await expect(detail(page, operation.inWords)).toHaveText(inWords[locale_]);
  await expect(detail(page, operation.date)).toHaveText(/ (?:à|at) \d\d:\d\d\sGMT$/);
  const help = say(operation.help, { reference: groupReference(reference) });
  await expect(page.getByText(help)).toBeVisible();
});

test("a receipt is shared by a link that a stranger can verify, as a message and as a PDF, until it is ended", async ({
  page,
  browser,
  words,
  open,
  person,
  deployment,
  expectConsoleError,
}) => {
  expectConsoleError(MISSING_PAGE);
  const reference = await deployment.fund(person, 5_000n);
  await open(`/wallet/transactions/${reference}`);
  const { share, sharedReceipt, states } = words;
  await page.getByRole("button", { name: share.make }).click();
  await expect(page.getByText(share.made)).toBeVisible();
  const address = await page.getByText(/\/v\/[\w-]{22}$/).innerText();
  const message = await page.getByRole("link", { name: share.whatsapp }).getAttribute("href");
  expect(new URL(message ?? "").searchParams.get("text")).toContain(address);

  const file = await page.request.get(
    (await page.getByRole("link", { name: share.pdf }).getAttribute("href")) ?? "",
  );
  expect(file.headers()["content-disposition"]).toContain(groupReference(reference));
  const pdf = await readPdf(await file.body());
  expect(pdf.pages[0]?.lines.join("").replaceAll(" ", "")).toContain(address);

  const stranger = await browser.newContext();
  const shown = await stranger.newPage();
  const opened = await shown.goto(address);
  expect(opened?.headers()).toMatchObject({
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
  });
  await expect(shown.getByRole("heading", { level: 1, name: sharedReceipt.heading.done })).toBeVisible();
  await expect(shown.getByText(states.done, { exact: true })).toBeVisible();
  expect(await shown.getByRole("main").innerText()).not.toContain("Sawadogo");
  expect(person.email).toContain("@");

  await page.getByRole("button", { name: share.end }).click();
  await expect(page.getByText(share.ended)).toBeVisible();
  await shown.reload();
  await expect(shown.getByRole("heading", { level: 1, name: sharedReceipt.endedHeading })).toBeVisible();
  expect((await shown.goto(`${address.slice(0, -22)}${"A".repeat(22)}`))?.status()).toBe(404);
  await stranger.close();
});

test("quick amounts fill in the amount", async ({ page, locale_, topUp, person }) => {
  await topUp.open();
  const quick = locale_ === "fr" ? /^5\s000$/ : /^5,000$/;
  await page.getByRole("button", { name: quick }).click();
  await expect(topUp.amount).toHaveValue("5000");
  expect(person.email).toContain("@");
});

test("a missing page is our own 404 with a link back", { tag: "@once" }, async ({
  page,
  words,
  open,
  person,
  expectConsoleError,
}) => {
  expectConsoleError(MISSING_PAGE);
  const missing = ["/nowhere", "/wallet/nowhere", "/wallet/transactions/TXN-222222222222", "/wallet/topup/x"];
  for (const address of [...missing, "/wallet/withdraw/x"]) {
    const answered = page.waitForResponse((response) => response.url().endsWith(address));
    await open(address);
    expect((await answered).status(), address).toBe(404);
    await expect(heading(page, words.notFound.heading)).toBeVisible();
  }
  await page.getByRole("link", { name: words.notFound.wallet }).click();
  await expect(page.getByText(words.overview.empty)).toBeVisible();
  expect(person.email).toContain("@");
});

test("a receipt names whom to ask, and prints on one page without anything to click", {
  tag: "@once",
}, async ({ page, words, open, person, deployment, browserName }) => {
  const reference = await deployment.fund(person, 5_000n);
  await open(`/wallet/transactions/${reference}`);
  const main = page.getByRole("main");
  await expect(main.getByRole("link", { name: "aide@cauris.test" })).toHaveAttribute("href", /TXN-/);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.getByRole("navigation").first()).toBeHidden();
  await expect(page.getByRole("contentinfo")).toBeHidden();
  await expect(main.getByRole("link", { name: words.operation.back })).toBeHidden();
  await expect(main.getByText(groupReference(reference)).first()).toBeVisible();
  expect(browserName).toBe("chromium");
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  // A5, in points.
  expect(pdf).toMatch(/\/MediaBox\s*\[\s*0 0 4(?:19|20)[\d.]* 59[45][\d.]*/);
  expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
});

test("the main pages are one tap away on a phone and on a desk, but not in the middle of a payment", {
  tag: "@once",
}, async ({ page, locale_: locale, words, open, person, deployment }) => {
  await deployment.fund(person, 5_000n);
  const nav = page.getByRole("navigation", { name: words.nav.label });
  const link = (name: string) => nav.getByRole("link", { name, exact: true });
  await page.setViewportSize({ width: 360, height: 740 });
  await open("/wallet/transactions");
  for (const name of [words.nav.home, words.nav.tontines, words.nav.history, words.nav.account]) {
    const box = await link(name).boundingBox();
    expect(box?.height, name).toBeGreaterThanOrEqual(44);
    expect(box?.width, name).toBeGreaterThanOrEqual(44);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(730);
  }
  await expect(link(words.nav.history)).toHaveAttribute("aria-current", "page");
  await expect(link(words.nav.withdraw)).toBeHidden();
  // The end of the page isn't below the bar.
  await page.getByRole("contentinfo").getByRole("link").last().scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const bar = await nav.boundingBox();
  const last = await page.getByRole("contentinfo").getByRole("link").last().boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
  await link(words.nav.tontines).click();
  await expect(page).toHaveURL(pathIn(locale, "/tontines"));
  await expect(link(words.nav.tontines)).toHaveAttribute("aria-current", "page");
  await link(words.nav.home).click();
  await page.getByRole("link", { name: words.overview.everything }).click();
  await expect(page).toHaveURL(pathIn(locale, "/wallet/money"));
  await page.getByRole("main").getByRole("link", { name: words.nav.receive }).click();
  await expect(page.getByRole("main").getByText(person.walletNumber.slice(0, 4)).first()).toBeVisible();

  await deployment.givePin(person);
  const quote = await reviewWithdrawal(deployment.contextOf(person), 2_000n);
  await open(`/wallet/withdraw/${quote}`);
  await expect(nav).toBeHidden();

  await page.setViewportSize({ width: 900, height: 800 });
  await expect(nav).toBeVisible();
  await expect(link(words.nav.withdraw)).toHaveAttribute("aria-current", "true");
  const [column, content] = [await nav.boundingBox(), await page.getByRole("main").boundingBox()];
  expect((column?.x ?? 0) + (column?.width ?? 0)).toBeLessThanOrEqual(content?.x ?? 0);
});
