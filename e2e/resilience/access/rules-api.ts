import type { Person } from "./person";
import type { Filling, Rule } from "./rules";

/** The JSON API, webhooks and everything else that isn't a page: who may, beside what the product's own table says. */
export interface CallRule {
  who: Rule;
  names?: true;
  ends?: true;
  params?: (of: Filling["of"]) => Promise<Record<string, string>>;
  query?: string;
  body?: (filling: Filling) => Promise<object> | object;
  /** Of a door that opens to a proof in the request: the same with it. */
  proof?: (owner: Person) => Promise<object>;
}

const PHONE = "+22671222333";

export const CALLS: Readonly<Record<string, CallRule>> = {
  "GET /api/health/live": { who: "anyone" },
  "GET /api/health/ready": { who: "anyone" },
  "GET /api/openapi.json": { who: "anyone" },
  "GET /api/docs": { who: "anyone" },
  "GET /api/docs/{file}": { who: "anyone", params: async () => ({ file: "page.css" }) },
  "POST /webhook/getmipay": { who: "proof", body: () => ({ event: "collection.succeeded", data: {} }) },
  "POST /api/wallet/paystack/webhook": { who: "proof", body: () => ({ event: "charge.success", data: {} }) },
  "GET /api/auth/google": { who: "anyone" },
  "GET /api/auth/google/callback": { who: "proof", query: "code=x&state=y" },
  "POST /api/auth/refresh": {
    who: "proof",
    body: () => ({ refresh: "x".repeat(43) }),
    proof: async (owner) => ({ refresh: await owner.refreshToken() }),
  },
  "POST /api/auth/logout": {
    who: "person",
    ends: true,
    body: async ({ of }) => ({ refresh: await of.refreshToken() }),
  },
  "GET /api/auth/me": { who: "person" },
  "POST /api/keys/create": {
    who: "person",
    body: async ({ actor }) => {
      await actor?.freeKeys();
      return { name: "key", permissions: ["read"], expiry: "1D" };
    },
  },
  "GET /api/keys/list": { who: "person" },
  "POST /api/keys/revoke": {
    who: "person",
    names: true,
    body: async ({ of }) => ({ key_id: Number(await of.liveKey()) }),
  },
  "POST /api/keys/rollover": {
    who: "person",
    names: true,
    body: async ({ of, actor }) => {
      await actor?.freeKeys();
      return { expired_key_id: Number(await of.expiredKey()), expiry: "1D" };
    },
  },
  "POST /api/wallet/deposit": {
    who: { permission: "deposit" },
    body: () => ({ amount: 1_000, currency: "XOF", method: "wave", phone: PHONE }),
  },
  "GET /api/wallet/deposit/{reference}/status": {
    who: { permission: "read" },
    names: true,
    params: async (of) => ({ reference: await of.pendingDeposit() }),
  },
  "GET /api/wallet/balance": { who: { permission: "read" } },
  "POST /api/wallet/transfer": {
    who: { permission: "transfer" },
    body: ({ people }) => ({ wallet_number: people.payee.walletNumber, amount: 100, currency: "XOF" }),
  },
  "POST /api/wallet/transfers": {
    who: { permission: "transfer" },
    body: ({ people }) => ({
      transfers: [{ wallet_number: people.payee.walletNumber, amount: 100, currency: "XOF" }],
    }),
  },
  "POST /api/wallet/withdraw": {
    who: { permission: "withdraw" },
    body: () => ({ amount: 500, currency: "XOF", method: "orange_money", phone: PHONE }),
  },
  "GET /api/wallet/transactions": { who: { permission: "read" } },
};

/** Addresses that a handler of the build answers beside the table of calls, by its route. */
export const HANDLERS: Readonly<Record<string, readonly OtherRule[]>> = {
  "/api/[...rest]": [
    { method: "GET", path: "/api/nothing", who: "missing" },
    { method: "POST", path: "/api/wallet/nothing", who: "missing" },
  ],
  "/webhook/[...rest]": [{ method: "POST", path: "/webhook/nothing", who: "missing" }],
  // next-auth's own; `missing` are those that it has for other kinds of sign-in, or that we closed.
  "/api/auth/[...nextauth]": [
    { method: "GET", path: "/api/auth/csrf", who: "anyone" },
    { method: "GET", path: "/api/auth/providers", who: "anyone" },
    { method: "GET", path: "/api/auth/session", who: "anyone" },
    { method: "GET", path: "/api/auth/signin", who: "anyone" },
    { method: "GET", path: "/api/auth/signout", who: "anyone" },
    { method: "GET", path: "/api/auth/error", who: "anyone" },
    { method: "POST", path: "/api/auth/signin/google", who: "anyone" },
    { method: "GET", path: "/api/auth/callback/google?code=x&state=y", who: "proof" },
    { method: "POST", path: "/api/auth/callback/credentials", who: "proof" },
    { method: "POST", path: "/api/auth/signout", who: "proof" },
    { method: "POST", path: "/api/auth/session", who: "proof" },
    { method: "DELETE", path: "/api/auth/session", who: "missing" },
    { method: "GET", path: "/api/auth/nothing", who: "missing" },
  ],
  "/icon.svg": [{ method: "GET", path: "/icon.svg", who: "anyone" }],
  "/manifest.webmanifest": [{ method: "GET", path: "/manifest.webmanifest", who: "anyone" }],
};

export interface OtherRule {
  method: string;
  path: string;
  who: Rule;
}

/** Of `public/`. */
export const FILES: Readonly<Record<string, "anyone" | "missing">> = {
  "/favicon.ico": "anyone",
  "/icon-192.png": "anyone",
  "/icon-512.png": "anyone",
  // The README's picture: proxy.ts takes it for a page that doesn't exist.
  "/overview.png": "missing",
};

/** What Next answers, or could, without being asked to. `{build}` stands for the build's id. */
export const OTHERS: readonly OtherRule[] = [
  // Closed: nothing of ours needs it (next.config.ts).
  { method: "GET", path: "/_next/image?url=%2Ficon-192.png&w=64&q=75", who: "missing" },
  { method: "GET", path: "/_next/image?url=%2Fwallet&w=64&q=75", who: "missing" },
  { method: "GET", path: "/_next/image?url=%2Fapi%2Fauth%2Fme&w=64&q=75", who: "missing" },
  { method: "GET", path: "/_next/image?url=http%3A%2F%2F127.0.0.1%2Fx.png&w=64&q=75", who: "missing" },
  // Another name of the landing page.
  { method: "GET", path: "/_next/data/{build}/index.json", who: "anyone" },
  { method: "GET", path: "/_next/static/../server/app-paths-manifest.json", who: "missing" },
  { method: "GET", path: "/_next/static/%2e%2e/server/server-reference-manifest.json", who: "missing" },
  { method: "GET", path: "/_next/static/..%2fBUILD_ID", who: "missing" },
  { method: "GET", path: "/_next/server/server-reference-manifest.json", who: "missing" },
  { method: "GET", path: "/_next/webpack-hmr", who: "missing" },
  { method: "GET", path: "/__nextjs_original-stack-frames", who: "missing" },
  { method: "POST", path: "/__nextjs_restart_dev", who: "missing" },
  { method: "GET", path: "/.next/BUILD_ID", who: "missing" },
  { method: "GET", path: "/.env", who: "missing" },
  { method: "GET", path: "/.git/config", who: "missing" },
  { method: "GET", path: "/package.json", who: "missing" },
  { method: "GET", path: "/.data/secrets.json", who: "missing" },
  { method: "GET", path: "/robots.txt", who: "missing" },
  { method: "GET", path: "/sitemap.xml", who: "missing" },
  { method: "GET", path: "/api/docs/..%2f..%2f..%2fpackage.json", who: "missing" },
  { method: "GET", path: "/api/docs/../../../package.json", who: "missing" },
];
