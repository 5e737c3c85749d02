import { newRefreshToken } from "@/lib/services/api-access/sessions/refresh-token";
import type { Person } from "../requests/person";
import { PHONE, payee, type Rule, type Value, type Values } from "./rule";

/*
 * Who may use each call of the JSON API, each webhook, route handler and file, and how a valid request to it is made. One
 * without a row here is a violation, and so is a row without one.
 */

export interface CallRule {
  who: Rule;
  /** True if it ends the session that it is used with. */
  endsSession?: true;
  params?: Values;
  query?: string;
  /** With an object's id among body and parameters, only the object's owner may send the request. */
  body?: Values;
  /** The code that its owner is answered with, where it needs a state or a hash that only several requests make. */
  refusedWith?: string;
  /** For `self-authenticating`: a body whose credential is valid. */
  validBody?: (owner: Person) => Promise<object>;
}

const refreshToken: Value = async ({ actor }) => (await actor?.apiSession())?.refresh ?? newRefreshToken();

export const CALLS: Readonly<Record<string, CallRule>> = {
  "GET /api/health/live": { who: "anyone" },
  "GET /api/health/ready": { who: "anyone" },
  "GET /api/openapi.json": { who: "anyone" },
  "GET /api/docs": { who: "anyone" },
  "GET /api/docs/{file}": { who: "anyone", params: { file: "page.css" } },
  "POST /webhook/getmipay": {
    who: "self-authenticating",
    body: { event: "collection.succeeded", data: () => ({}) },
  },
  ...Object.fromEntries(
    ["orange-sms", "termii", "africas-talking"].map((vendor) => [
      `POST /webhook/messages/${vendor}/{secret}`,
      { who: "self-authenticating", params: { secret: "not-the-secret" } } satisfies CallRule,
    ]),
  ),
  "POST /api/wallet/paystack/webhook": {
    who: "self-authenticating",
    body: { event: "charge.success", data: () => ({}) },
  },
  "GET /api/auth/google": { who: "anyone" },
  "GET /api/auth/google/callback": { who: "self-authenticating", query: "code=x&state=y" },
  "POST /api/auth/refresh": {
    who: "self-authenticating",
    body: { refresh: "x".repeat(43) },
    validBody: async (owner) => ({ refresh: (await owner.apiSession()).refresh }),
  },
  "POST /api/auth/logout": { who: "person", endsSession: true, body: { refresh: refreshToken } },
  "GET /api/auth/me": { who: "person" },
  "POST /api/keys/create": { who: "person", body: { name: "key", permissions: ["read"], expiry: "1D" } },
  "GET /api/keys/list": { who: "person" },
  "POST /api/keys/revoke": { who: "person", body: { key_id: { id: "liveKey" } } },
  "POST /api/keys/rollover": {
    who: "person",
    body: { expired_key_id: { id: "expiredKey" }, expiry: "1D" },
  },
  "POST /api/wallet/deposit": {
    who: { permission: "deposit" },
    body: { amount: 1_000, currency: "XOF", method: "wave", phone: PHONE },
  },
  "GET /api/wallet/deposit/{reference}/status": {
    who: { permission: "read" },
    params: { reference: { id: "pendingDeposit" } },
  },
  "POST /api/wallet/deposit/{reference}/cancel": {
    who: { permission: "deposit" },
    params: { reference: { id: "pendingDeposit" } },
  },
  "GET /api/wallet/balance": { who: { permission: "read" } },
  "GET /api/wallet/balance-history": { who: { permission: "read" } },
  "GET /api/wallet/statement": {
    who: { permission: "read" },
    query: "currency=XOF&from=2026-01-01&to=2026-01-31",
  },
  "POST /api/wallet/transfer": {
    who: { permission: "transfer" },
    body: { wallet_number: payee, amount: 100, currency: "XOF" },
  },
  "POST /api/wallet/transfers": {
    who: { permission: "transfer" },
    body: { transfers: (context) => [{ wallet_number: context.payee, amount: 100, currency: "XOF" }] },
  },
  "POST /api/wallet/withdraw": {
    who: { permission: "withdraw" },
    body: { amount: 500, currency: "XOF", method: "orange_money", phone: PHONE },
  },
  "POST /api/wallet/requests": {
    who: { permission: "deposit" },
    body: { amount: 100, currency: "XOF", note: "Order 1207" },
  },
  "GET /api/wallet/requests/{id}": { who: { permission: "read" }, params: { id: { id: "ownRequest" } } },
  "GET /api/tontines": { who: { permission: "tontine:read" } },
  "GET /api/tontines/{code}": { who: { permission: "tontine:read" }, params: { code: { id: "tontine" } } },
  "GET /api/tontines/{code}/turns": {
    who: { permission: "tontine:read" },
    params: { code: { id: "tontine" } },
  },
  "GET /api/tontines/{code}/dues": {
    who: { permission: "tontine:read" },
    params: { code: { id: "tontine" } },
  },
  "GET /api/tontines/{code}/decisions": {
    who: { permission: "tontine:read" },
    params: { code: { id: "tontine" } },
  },
  "GET /api/tontines/{code}/cashbook": {
    who: { permission: "tontine:read" },
    params: { code: { id: "tontine" } },
  },
  "GET /api/tontines/{code}/minutes/{number}": {
    who: { permission: "tontine:read" },
    params: { code: { id: "tontine" }, number: "1" },
  },
  "POST /api/tontines/dues/{id}/pay": {
    who: { permission: "tontine:pay" },
    refusedWith: "tontine_not_now",
    params: { id: { id: "tontineDue" } },
    body: { amount: 100 },
  },
  "GET /api/wallet/transactions": { who: { permission: "read" } },
  "GET /api/wallet/operations/{reference}": {
    who: { permission: "read" },
    params: { reference: { id: "pendingDeposit" } },
  },
};

/** Who may use each of these, by method and path. */
export type OtherRules = Readonly<Record<string, "anyone" | "self-authenticating" | "missing">>;

/** What each route handler of the build answers, beside the calls of the API. */
export const HANDLERS: Readonly<Record<string, OtherRules>> = {
  "/api/[...rest]": { "GET /api/nothing": "missing", "POST /api/wallet/nothing": "missing" },
  "/webhook/[...rest]": { "POST /webhook/nothing": "missing" },
  // next-auth's own. `missing`: paths for other kinds of sign-in, or closed by us.
  "/api/auth/[...nextauth]": {
    "GET /api/auth/csrf": "anyone",
    "GET /api/auth/providers": "anyone",
    "GET /api/auth/session": "anyone",
    "GET /api/auth/signin": "anyone",
    "GET /api/auth/signout": "anyone",
    "GET /api/auth/error": "anyone",
    "POST /api/auth/signin/google": "anyone",
    "GET /api/auth/callback/google?code=x&state=y": "self-authenticating",
    "POST /api/auth/callback/credentials": "self-authenticating",
    "POST /api/auth/signout": "self-authenticating",
    "POST /api/auth/session": "self-authenticating",
    "DELETE /api/auth/session": "missing",
    "GET /api/auth/nothing": "missing",
  },
  "/icon.svg": { "GET /icon.svg": "anyone" },
  "/manifest.webmanifest": { "GET /manifest.webmanifest": "anyone" },
};

/** The files of `public/`. */
export const FILES: OtherRules = {
  "GET /apple-touch-icon.png": "anyone",
  "GET /favicon.ico": "anyone",
  "GET /icon-192.png": "anyone",
  "GET /icon-512.png": "anyone",
  "GET /link-preview.png": "anyone",
  "GET /robots.txt": "anyone",
  "GET /sw.js": "anyone",
  // The README's picture: proxy.ts answers it as a page that doesn't exist.
  "GET /overview.png": "missing",
};

/** Paths that Next answers by itself, or must not. `{build}` stands for the build's id. */
export const OTHERS: OtherRules = {
  // Image optimization is switched off in next.config.ts.
  "GET /_next/image?url=%2Ficon-192.png&w=64&q=75": "missing",
  "GET /_next/image?url=%2Fwallet&w=64&q=75": "missing",
  "GET /_next/image?url=%2Fapi%2Fauth%2Fme&w=64&q=75": "missing",
  "GET /_next/image?url=http%3A%2F%2F127.0.0.1%2Fx.png&w=64&q=75": "missing",
  // Answered by proxy.ts.
  "GET /offline": "anyone",
  // Another name of the landing page.
  "GET /_next/data/{build}/index.json": "anyone",
  "GET /_next/static/../server/app-paths-manifest.json": "missing",
  "GET /_next/static/%2e%2e/server/server-reference-manifest.json": "missing",
  "GET /_next/static/..%2fBUILD_ID": "missing",
  "GET /_next/server/server-reference-manifest.json": "missing",
  "GET /_next/webpack-hmr": "missing",
  "GET /__nextjs_original-stack-frames": "missing",
  "POST /__nextjs_restart_dev": "missing",
  "GET /.next/BUILD_ID": "missing",
  "GET /.env": "missing",
  "GET /.git/config": "missing",
  "GET /package.json": "missing",
  "GET /.data/secrets.json": "missing",
  "GET /humans.txt": "missing",
  "GET /sitemap.xml": "missing",
  "GET /api/docs/..%2f..%2f..%2fpackage.json": "missing",
  "GET /api/docs/../../../package.json": "missing",
};
