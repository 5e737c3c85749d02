import type { APIResponse } from "@playwright/test";
import { expect, test } from "@/e2e/support/api";
import { parseHtml } from "@/e2e/support/html";
import { askForMoney } from "@/e2e/support/receiving";

function directives(answer: APIResponse): Map<string, string> {
  const policy = answer.headers()["content-security-policy"] ?? "";
  return new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

/** What every answer carries, whoever gave it. */
function expectCommon(answer: APIResponse, what: string): void {
  const headers = answer.headers();
  expect(headers["x-content-type-options"], what).toBe("nosniff");
  expect(headers["strict-transport-security"], `${what}: no HSTS over http`).toBeUndefined();
  expect(headers["x-powered-by"], what).toBeUndefined();
}

test("every page has a policy with its own nonce, which blocks inline scripts", async ({
  request,
  signedIn,
}) => {
  const pages = ["/", "/en", "/sign-in", "/sign-up", "/nowhere"];
  const personal = ["/wallet", "/wallet/topup", "/wallet/settings", "/wallet/transactions/none"];
  const nonces = new Set<string>();
  for (const [context, addresses] of [
    [request, pages],
    [signedIn, personal],
  ] as const) {
    for (const address of addresses) {
      const answer = await context.get(address, { headers: { "accept-language": "fr" } });
      expectCommon(answer, address);
      const policy = directives(answer);
      const script = policy.get("script-src") ?? "";
      expect(script, address).toMatch(/'nonce-[A-Za-z0-9+/=]{20,}'/);
      expect(script, address).not.toContain("unsafe");
      expect(policy.get("style-src"), address).not.toContain("unsafe");
      expect(policy.get("default-src")).toBe("'none'");
      expect(policy.get("frame-ancestors")).toBe("'none'");
      expect(policy.get("base-uri")).toBe("'none'");
      expect(policy.get("object-src")).toBe("'none'");
      expect(answer.headers()["x-frame-options"]).toBe("DENY");
      expect(answer.headers()["referrer-policy"]).toBe("same-origin");
      const nonce = /'nonce-([^']+)'/.exec(script)?.[1] ?? "";
      nonces.add(nonce);
      for (const script of parseHtml(await answer.text()).querySelectorAll("script")) {
        expect(script.getAttribute("nonce"), address).toBe(nonce);
      }
    }
  }
  expect(nonces.size).toBe(pages.length + personal.length);
});

test("pages about a person are never cached", async ({ request, signedIn, person, deployment }) => {
  const reference = await deployment.fund(person, 5_000n);
  const addresses = ["/wallet", "/en/wallet", "/wallet/topup/", `/wallet/transactions/${reference}`];
  for (const address of [...addresses, "/wallet/settings", "/wallet/none"]) {
    const answer = await signedIn.get(address);
    expect(answer.headers()["cache-control"], address).toContain("no-store");
    expect(answer.headers()["cache-control"], address).toContain("private");
  }
  for (const address of ["/sign-in", "/en/sign-up", "/wallet"]) {
    const answer = await request.get(address, { maxRedirects: 0 });
    expect(answer.headers()["cache-control"], address).toContain("no-store");
  }
});

test("the API, the webhook and files carry the common headers too", async ({ request }) => {
  const landing = await (await request.get("/")).text();
  const file = /\/_next\/static\/[^"]+\.js/.exec(landing)?.[0] ?? "";
  expect(file).not.toBe("");
  const answers = {
    live: await request.get("/api/health/live"),
    webhook: await request.post("/webhook/getmipay/", { data: "x", maxRedirects: 0 }),
    "missing API": await request.get("/api/nowhere"),
    icon: await request.get("/icon.svg"),
    manifest: await request.get("/manifest.webmanifest"),
    worker: await request.get("/sw.js"),
    "missing file": await request.get("/humans.txt"),
    script: await request.get(file),
  };
  for (const [what, answer] of Object.entries(answers)) expectCommon(answer, what);
  expect(answers.script.headers()["cache-control"]).toContain("immutable");
  expect(answers.live.headers()["cache-control"]).toBe("no-store");
  expect(answers.worker.headers()["content-type"]).toContain("javascript");
  expect(answers.worker.headers()["cache-control"]).toBe("public, max-age=3600");
  expect(directives(answers.worker).get("connect-src")).toBe("'self'");
  expect(answers.webhook.headers()["content-type"]).toContain("application/json");
});

test("a page names the session whose copies a browser may keep, and nobody's without one", async ({
  request,
  signedIn,
}) => {
  const markerOf = (answer: APIResponse) => answer.headers()["offline-copies"] ?? "";
  const marker = markerOf(await signedIn.get("/wallet"));
  expect(marker).toMatch(/^[\w-]{22}$/);
  for (const address of ["/wallet/settings", "/wallet/none", "/help"])
    expect([marker, ""], address).toContain(markerOf(await signedIn.get(address)));
  const isHidden = { headers: { cookie: "balance=hidden" } };
  expect(markerOf(await signedIn.get("/wallet", isHidden))).not.toBe(marker);
  expect(markerOf(await signedIn.get("/wallet", { headers: { "save-data": "on" } }))).toBe("none");
  expect(markerOf(await request.get("/sign-in"))).toBe("none");
});

test("the page for a visit without a network is whole without another file, in both languages", async ({
  request,
}) => {
  for (const [address, language] of [
    ["/offline", "fr"],
    ["/en/offline", "en"],
  ] as const) {
    const headers = { cookie: `locale=${language === "fr" ? "en" : "fr"}`, "accept-language": "de" };
    const answer = await request.get(address, { headers, maxRedirects: 0 });
    expectCommon(answer, address);
    expect(answer.status()).toBe(200);
    const body = await answer.text();
    expect(body).toContain(`<html lang="${language}">`);
    expect(body).not.toMatch(/<script|<link|src=/);
    expect(directives(answer).get("style-src")).toMatch(/^'sha256-/);
  }
});

test("a link that somebody sends is shown without a name, a number or an amount", async ({
  request,
  person,
  deployment,
}) => {
  const { token } = await askForMoney(deployment.contextOf(person));
  const addresses = ["/", "/en", `/p/${person.walletNumber}?amount=76543&note=Riz`, `/en/r/${token}`];
  for (const address of addresses) {
    const answer = await request.get(address, {
      headers: { "user-agent": "WhatsApp/2.23", "accept-language": "fr" },
    });
    const page = parseHtml(await answer.text());
    const shown = new Map(
      page
        .querySelectorAll('head meta[property^="og:"], head meta[name="description"]')
        .map((meta) => [
          meta.getAttribute("property") ?? meta.getAttribute("name"),
          meta.getAttribute("content"),
        ]),
    );
    expect(shown.get("og:title"), address).toMatch(/Cauris|argent|money/);
    expect(shown.get("og:description"), address).toBe(shown.get("description"));
    const image = await request.get(shown.get("og:image") ?? "");
    expect(image.headers()["content-type"], address).toBe("image/png");
    expect((await image.body()).byteLength).toBeLessThanOrEqual(40_000);
    const said = [shown.get("og:title"), shown.get("og:description"), page.querySelector("title")?.text].join(
      " ",
    );
    expect(said, address).not.toMatch(/\d|Aminata|Riz/);
  }
});

test("search engines find what explains the service, and no page of a person, no link to one and no API", async ({
  request,
}) => {
  const rules = (await (await request.get("/robots.txt")).text()).split("\n\n");
  const everybody = rules[0] ?? "";
  // A path of robots.txt is a prefix, and `$` its end (RFC 9309 §2.2.3).
  const allowed = [...everybody.matchAll(/^Allow: (.*)$/gm)].map(([, path = ""]) => new RegExp(`^${path}`));
  expect(everybody).toMatch(/^Disallow: \/$/m);
  const mayVisit = (path: string) => allowed.some((pattern) => pattern.test(path));
  for (const path of ["/", "/en", "/help", "/en/fees", "/api/docs"]) expect(mayVisit(path), path).toBe(true);
  for (const path of [
    "/wallet",
    "/en/wallet",
    "/p/1234567890128",
    "/r/x",
    "/api/wallet",
    "/not-me/x",
    "/helpers",
  ])
    expect(mayVisit(path), path).toBe(false);
});

test("every HTML answer has a policy, whatever its address looks like", async ({ request }) => {
  for (const address of ["/humans.txt", "/nowhere.html", "/wallet.php", "/api/nowhere", "/webhook/nowhere"]) {
    const answer = await request.get(address);
    expect(answer.status(), address).toBe(404);
    const isHtml = (answer.headers()["content-type"] ?? "").includes("text/html");
    if (isHtml) expect.soft(directives(answer).get("default-src"), address).toBe("'none'");
  }
});

test("the session's cookie is for the server only", async ({ request }) => {
  const answer = await request.get("/en/sign-in");
  for (const cookie of answer.headersArray().filter(({ name }) => name.toLowerCase() === "set-cookie")) {
    expect(cookie.value).toMatch(/HttpOnly/i);
    expect(cookie.value).toMatch(/SameSite=Lax/i);
  }
});
