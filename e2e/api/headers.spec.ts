import type { APIResponse } from "@playwright/test";
import { expect, test } from "@/e2e/support/api";
import { parseHtml } from "@/e2e/support/html";

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
  expect((await answers.worker.body()).byteLength).toBeLessThanOrEqual(3_000);
  expect(answers.webhook.headers()["content-type"]).toContain("application/json");
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
