import type { APIResponse } from "@playwright/test";
import { comparable, expect, test } from "@/e2e/support/api";
import { WALLET_FORMS } from "@/e2e/support/wallet-forms";
import { readWords } from "@/e2e/support/words";

const MISSING_QUOTE = "00000000-0000-4000-8000-000000000000";
const { titles } = readWords("fr");

const WALLET_PAGES = [
  "/wallet",
  "/wallet/topup",
  "/wallet/withdraw",
  "/wallet/transactions",
  "/wallet/settings",
  "/wallet/topup/TXN-222222222222",
  "/wallet/transactions/TXN-222222222222",
  "/wallet/withdraw/00000000-0000-4000-8000-000000000000",
  "/wallet/transfer",
  "/wallet/transfer/00000000-0000-4000-8000-000000000000",
  "/wallet/vaults",
  "/wallet/vaults/new",
  "/wallet/vaults/1",
  "/wallet/keys",
  "/wallet/keys/new",
  "/wallet/keys/renew/1",
  "/wallet/settings/pin",
  "/wallet/notices",
  "/wallet/settings/notices",
];

test("every page of the wallet redirects an anonymous visitor to sign-in and back, in the page's language", async ({
  request,
}) => {
  // An English page is a choice, which the addresses without a language then follow: it comes last.
  for (const [prefix, slash] of [
    ["", ""],
    ["", "/"],
    ["/en", ""],
  ] as const) {
    for (const page of WALLET_PAGES) {
      const answer = await request.get(prefix + page + slash, { maxRedirects: 0 });
      expect(answer.status(), prefix + page + slash).toBe(307);
      expect(answer.headers().location).toBe(`${prefix}/sign-in?next=${encodeURIComponent(page + slash)}`);
      expect(await answer.text()).not.toMatch(/FCFA/);
    }
  }
});

test("addresses with a slash at the end answer themselves, without a redirect", async ({
  signedIn,
  request,
}) => {
  for (const address of ["/wallet/", "/wallet/topup/", "/wallet/withdraw/", "/en/wallet/transactions/"]) {
    expect((await signedIn.get(address)).status(), address).toBe(200);
  }
  for (const address of ["/sign-in/", "/en/sign-up/", "/en/", "/api/health/live/", "/api/health/ready/"]) {
    expect((await request.get(address, { maxRedirects: 0 })).status(), address).toBe(200);
  }
});

test("another user's operation is answered like one that doesn't exist", async ({
  signedIn,
  asStranger,
  person,
  deployment,
}) => {
  const mine = await deployment.fund(person, 5_000n);
  const missing = "TXN-222222222222";
  for (const place of ["/wallet/transactions/", "/wallet/topup/", "/en/wallet/transactions/"]) {
    expect((await signedIn.get(place + mine)).status()).toBe(200);
    const [forbidden, absent] = await Promise.all([
      asStranger.get(place + mine),
      asStranger.get(place + missing),
    ]);
    expect([forbidden.status(), absent.status()]).toEqual([404, 404]);
    expect(comparable(await forbidden.text(), mine)).toBe(comparable(await absent.text(), missing));
    expect(await forbidden.text(), "not in the scripts either").not.toMatch(/(?<!\d)5[\s,]?000(?!\d)/);
  }
});

test("another user's vaults, keys and reviews are answered like those that don't exist", async ({
  signedIn,
  asStranger,
  person,
  deployment,
}) => {
  const ready = async (name: string) =>
    (await WALLET_FORMS[name]?.ready({ request: signedIn, person, deployment }))?.address ?? "";
  for (const [name, missing] of [
    ["put money into a vault", "999999999999999999"],
    ["renew a key", "999999999999999999"],
    ["confirm a transfer", MISSING_QUOTE],
    ["confirm a withdrawal in naira", MISSING_QUOTE],
  ] as const) {
    const mine = await ready(name);
    const id = mine.split("/").at(-1) ?? "";
    const other = mine.replace(id, missing);
    expect((await signedIn.get(mine)).status(), name).toBe(200);
    const [forbidden, absent] = await Promise.all([asStranger.get(mine), asStranger.get(other)]);
    expect([forbidden.status(), absent.status()], name).toEqual([404, 404]);
    expect(comparable(await forbidden.text(), mine), name).toBe(comparable(await absent.text(), other));
  }
});

test("another user's quote fills no form in", async ({ signedIn, asStranger, person, deployment }) => {
  const review = await WALLET_FORMS["confirm a transfer"]?.ready({ request: signedIn, person, deployment });
  const quote = review?.address.split("/").at(-1) ?? "";
  expect(await (await signedIn.get(`/wallet/transfer?quote=${quote}`)).text()).toContain("Pour le riz");
  const [forbidden, absent] = await Promise.all(
    [quote, MISSING_QUOTE].map(
      async (id) => await (await asStranger.get(`/wallet/transfer?quote=${id}`)).text(),
    ),
  );
  expect(forbidden).not.toContain("Pour le riz");
  expect(comparable(forbidden ?? "", quote)).toBe(comparable(absent ?? "", MISSING_QUOTE));
});

test("another user's events are answered like those of an operation that doesn't exist", async ({
  signedIn,
  asStranger,
  request,
  person,
  deployment,
}) => {
  const mine = await deployment.fund(person, 5_000n);
  const [forbidden, absent] = await Promise.all([
    asStranger.get(`/wallet/events/${mine}`),
    asStranger.get("/wallet/events/TXN-222222222222"),
  ]);
  expect([forbidden.status(), absent.status()]).toEqual([404, 404]);
  const without = async (answer: APIResponse) => ({ ...(await answer.json()), request_id: null });
  expect(await without(forbidden)).toEqual(await without(absent));

  expect((await request.get(`/wallet/events/${mine}`)).status()).toBe(401);
  const events = await signedIn.get(`/wallet/events/${mine}?since=in_progress`);
  expect(events.headers()["content-type"]).toContain("text/event-stream");
  expect(await events.text()).toContain("event: status\ndata: succeeded");
});

test("what is wrong in an address or a query is answered, never a crash", async ({ signedIn }) => {
  const odd = [
    "/wallet/transactions?cursor=x&type=y&status=z&limit=-1",
    "/wallet/transactions?cursor=9999999999999999999",
    "/wallet/transactions?text=%25_%27%22%5C",
    "/wallet/transactions?text=a&text=b&type=deposit&type=withdrawal",
    "/wallet/topup?amount=%3Cscript%3E&amount=2",
    "/wallet/transactions/%00",
    "/wallet/transactions/..%2f..%2fetc",
    "/wallet/withdraw/not-a-key",
    "/wallet/events/%F0%9F%92%B8",
    "/sign-in?next=https://evil.example/&error=%3Cb%3E",
    "/%E0%A4%A",
    "/en/%ff",
  ];
  for (const address of odd) {
    const answer = await signedIn.get(address);
    expect.soft(answer.status(), address).toBeLessThan(500);
  }
});

test("no page crashes on a NUL, an endless number or a bracket, in its path or its query", async ({
  signedIn,
  person,
  deployment,
}) => {
  test.slow();
  await deployment.fund(person, 5_000n);
  const { vaultId } = await deployment.openVault(person, "La moto", 1_000n);
  const odd = ["%00", "99999999999999999999", "-1", "%F0%9F%92%B8", "%ED%A0%80", "1%27--", "a".repeat(3_000)];
  const places = ["transactions", "topup", "withdraw", "transfer", "vaults", "keys/renew", "events"];
  const names = ["text", "currency", "type", "status", "cursor", "amount", "quote", "done", "next", "saved"];
  const queried = [
    "transactions",
    "topup",
    "withdraw",
    "transfer",
    "vaults",
    "vaults/new",
    `vaults/${vaultId}`,
  ];
  for (const value of odd) {
    const query = names.map((name) => `${name}=${value}`).join("&");
    const addresses = [
      ...places.map((place) => `/wallet/${place}/${value}`),
      ...[...queried, "keys", "keys/new", "settings", "settings/pin"].map(
        (page) => `/wallet/${page}?${query}`,
      ),
      `/wallet/settings/pin?forgot=${value}&already=${value}`,
      `/wallet?${query}`,
      `/sign-in?${query}&error=${value}`,
    ];
    for (const address of addresses) {
      const answer = await signedIn.get(address);
      expect.soft(answer.status(), address).toBeLessThan(500);
      expect.soft(await answer.text(), address).not.toContain(titles.serverError);
    }
  }
});

test("live and ready answer ok, and are never cached", async ({ request }) => {
  for (const address of ["/api/health/live", "/api/health/ready"]) {
    const answer = await request.get(address);
    expect(answer.status()).toBe(200);
    expect(await answer.json()).toEqual({ status: "ok" });
    expect(answer.headers()["cache-control"]).toBe("no-store");
  }
});

test("a demo shows how to sign in, and Google's errors are shown as messages", async ({ request }) => {
  const answer = await request.get("/en/sign-in?error=google_failed");
  expect(await answer.text()).toContain("demo@cauris.test");
});
