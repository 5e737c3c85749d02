import type { ObjectIds } from "./object-ids";
import type { RequestContext, Rule } from "./page-rules";
import type { Person } from "./person";

/** Who may make a call of the JSON API or a webhook, and how the request is made. */
export interface CallRule {
  who: Rule;
  /** True if the request names a user's object: then only that user may send it. */
  namesObject?: true;
  endsSession?: true;
  params?: (ids: ObjectIds) => Promise<Record<string, string>>;
  query?: string;
  body?: (context: RequestContext) => Promise<object> | object;
  /** For `self-authenticating`: a body whose credential is valid. */
  validBody?: (owner: Person) => Promise<object>;
}

const PHONE = "+22671222333";

export const CALLS: Readonly<Record<string, CallRule>> = {
  "GET /api/health/live": { who: "anyone" },
  "GET /api/health/ready": { who: "anyone" },
  "GET /api/openapi.json": { who: "anyone" },
  "GET /api/docs": { who: "anyone" },
  "GET /api/docs/{file}": { who: "anyone", params: async () => ({ file: "page.css" }) },
  "POST /webhook/getmipay": {
    who: "self-authenticating",
    body: () => ({ event: "collection.succeeded", data: {} }),
  },
  "POST /api/wallet/paystack/webhook": {
    who: "self-authenticating",
    body: () => ({ event: "charge.success", data: {} }),
  },
  "GET /api/auth/google": { who: "anyone" },
  "GET /api/auth/google/callback": { who: "self-authenticating", query: "code=x&state=y" },
  "POST /api/auth/refresh": {
    who: "self-authenticating",
    body: () => ({ refresh: "x".repeat(43) }),
    validBody: async (owner) => ({ refresh: await owner.refreshToken() }),
  },
  "POST /api/auth/logout": {
    who: "person",
    endsSession: true,
    body: async ({ ids }) => ({ refresh: await ids.refreshToken() }),
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
    namesObject: true,
    body: async ({ ids }) => ({ key_id: Number(await ids.liveKey()) }),
  },
  "POST /api/keys/rollover": {
    who: "person",
    namesObject: true,
    body: async ({ ids, actor }) => {
      await actor?.freeKeys();
      return { expired_key_id: Number(await ids.expiredKey()), expiry: "1D" };
    },
  },
  "POST /api/wallet/deposit": {
    who: { permission: "deposit" },
    body: () => ({ amount: 1_000, currency: "XOF", method: "wave", phone: PHONE }),
  },
  "GET /api/wallet/deposit/{reference}/status": {
    who: { permission: "read" },
    namesObject: true,
    params: async (ids) => ({ reference: await ids.pendingDeposit() }),
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

/** Paths that each route handler of the build answers, beside the calls of the API. */
export const HANDLERS: Readonly<Record<string, readonly OtherRule[]>> = {
  "/api/[...rest]": [
    { method: "GET", path: "/api/nothing", who: "missing" },
    { method: "POST", path: "/api/wallet/nothing", who: "missing" },
  ],
  "/webhook/[...rest]": [{ method: "POST", path: "/webhook/nothing", who: "missing" }],
  // next-auth's own. `missing`: paths for other kinds of sign-in, or closed by us.
  "/api/auth/[...nextauth]": [
    { method: "GET", path: "/api/auth/csrf", who: "anyone" },
    { method: "GET", path: "/api/auth/providers", who: "anyone" },
    { method: "GET", path: "/api/auth/session", who: "anyone" },
    { method: "GET", path: "/api/auth/signin", who: "anyone" },
    { method: "GET", path: "/api/auth/signout", who: "anyone" },
    { method: "GET", path: "/api/auth/error", who: "anyone" },
    { method: "POST", path: "/api/auth/signin/google", who: "anyone" },
    { method: "GET", path: "/api/auth/callback/google?code=x&state=y", who: "self-authenticating" },
    { method: "POST", path: "/api/auth/callback/credentials", who: "self-authenticating" },
    { method: "POST", path: "/api/auth/signout", who: "self-authenticating" },
    { method: "POST", path: "/api/auth/session", who: "self-authenticating" },
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

/** The files of `public/`. */
export const FILES: Readonly<Record<string, "anyone" | "missing">> = {
  "/favicon.ico": "anyone",
  "/icon-192.png": "anyone",
  "/icon-512.png": "anyone",
  // The README's picture: proxy.ts answers it as a page that doesn't exist.
  "/overview.png": "missing",
};

/** Paths that Next answers by itself, or must not. `{build}` stands for the build's id. */
export const OTHERS: readonly OtherRule[] = [
  // Image optimization is switched off in next.config.ts.
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
