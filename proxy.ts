import { type NextRequest, NextResponse } from "next/server";
import { config as configuration } from "@/lib/config";
import { errorPage } from "@/lib/http/error-page";
import { OFFLINE_PATH, offlinePage } from "@/lib/http/offline-page";
import { isOwnOrigin } from "@/lib/http/origin-guard";
import { contentSecurityPolicy, isPersonal, linkHeaders, securityHeaders } from "@/lib/http/security-headers";
import { localizedPath } from "@/lib/i18n/href";
import { preferredLocale } from "@/lib/i18n/preferred-locale";
import {
  DEFAULT_LOCALE,
  isLocale,
  LOCALE_COOKIE,
  LOCALE_HEADER,
  type Locale,
  PATH_HEADER,
  splitLocale,
} from "@/lib/i18n/routing";
import { choiceCookieOptions } from "@/lib/next/choice-cookies";

/** Everything but the immutable build files. Next reads this statically, so it stays a literal. */
export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };

/** Sets the language, the policy and the headers. It checks no access: each page and action does that itself. */
export function proxy(request: NextRequest): NextResponse {
  const response = route(request);
  const { path } = splitLocale(request.nextUrl.pathname);
  const headers = { ...securityHeaders(configuration().isHttps), ...linkHeaders(path) };
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function route(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl;
  if (isOutsidePages(pathname)) return NextResponse.next();
  const { locale, path } = splitLocale(pathname);
  // Next answers a form from elsewhere with its own 500; each action still checks for itself.
  if (request.method === "POST" && !isOwnPost(request)) return refuse(request, locale ?? DEFAULT_LOCALE);
  if (path === OFFLINE_PATH) return offline(locale ?? DEFAULT_LOCALE);
  if (locale === DEFAULT_LOCALE) return keepChoice(redirectTo(request, path), locale);
  const wished = locale === null && request.method !== "POST" ? wishedLocale(request, path) : DEFAULT_LOCALE;
  if (wished !== DEFAULT_LOCALE) {
    const response = redirectTo(request, localizedPath(wished, path));
    response.headers.set("Vary", "Accept-Language, Cookie");
    return response;
  }
  return answer(request, locale ?? DEFAULT_LOCALE, path, locale !== null);
}

function isOwnPost(request: NextRequest): boolean {
  const { baseUrl, mode } = configuration();
  return isOwnOrigin(request.headers, { baseUrl, isDemo: mode === "demo" });
}

/** What exists at the root beside the pages; any other address with a dot is a page that doesn't exist. */
const FILES = new Set([
  "/apple-touch-icon.png",
  "/favicon.ico",
  "/icon.svg",
  "/icon-192.png",
  "/icon-512.png",
  "/link-preview.png",
  "/manifest.webmanifest",
  "/robots.txt",
  "/sw.js",
]);

/** Streams that have no language. */
const EVENTS = "/wallet/events/";

/** Where strangers arrive: the first page, and what a QR code or a link of ours opens. */
function isEntrance(path: string): boolean {
  return path === "/" || /^\/(?:[prv]|join|take-over)\//.test(path);
}

/** The JSON API, webhooks, and files at the root. */
function isOutsidePages(pathname: string): boolean {
  return /^\/(?:api|webhook|_next)(?:\/|$)/.test(pathname) || FILES.has(pathname);
}

/** Says that nothing was done, and leads back to the form. */
function refuse(request: NextRequest, language: Locale): NextResponse {
  const { pathname, search } = request.nextUrl;
  const { status, headers, body } = errorPage(403, { language, path: pathname + search });
  return new NextResponse(body, { status, headers });
}

/** Without a redirect to the chosen language: a browser refuses a kept answer that was redirected. */
function offline(language: Locale): NextResponse {
  const { headers, body } = offlinePage(language);
  return new NextResponse(body, { headers });
}

/** The language of an address that names none: the one chosen last; without a choice the browser's, where people arrive. */
function wishedLocale(request: NextRequest, path: string): Locale {
  const chosen = request.cookies.get(LOCALE_COOKIE)?.value;
  if (isLocale(chosen)) return path.startsWith(EVENTS) ? DEFAULT_LOCALE : chosen;
  return isEntrance(path) ? preferredLocale(request.headers.get("accept-language")) : DEFAULT_LOCALE;
}

/** 307 keeps a POST a POST, and isn't cached by browsers: each visit has to pass here for its cookie. */
function redirectTo(request: NextRequest, path: string): NextResponse {
  const target = new URL(request.url);
  target.pathname = path;
  return NextResponse.redirect(target, { status: 307, headers: { "Cache-Control": "no-store" } });
}

function answer(request: NextRequest, locale: Locale, path: string, explicit: boolean): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const { formActionHosts, isHttps, isDevelopment } = configuration();
  const policy = contentSecurityPolicy({
    nonce,
    formActionHosts,
    https: isHttps,
    development: isDevelopment,
  });
  const headers = new Headers(request.headers);
  // Accepted above by what the browser says besides; Next would compare it with our host.
  if (headers.get("origin") === "null") headers.delete("origin");
  headers.set("Content-Security-Policy", policy);
  headers.set(LOCALE_HEADER, locale);
  headers.set(PATH_HEADER, path + request.nextUrl.search);
  // From `request.url`: `nextUrl` calls 127.0.0.1 localhost, and a rewrite to another host leaves the process.
  const inside = new URL(request.url);
  // The last slash is dropped inside only: the person's address stays as typed, without a redirect.
  inside.pathname = `/${locale}${path}`.replace(/\/+$/, "");
  const response = NextResponse.rewrite(inside, { request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  if (isPersonal(path)) response.headers.set("Cache-Control", "private, no-store");
  return explicit ? keepChoice(response, locale, request) : response;
}

/** A visit to an address that names its language is the choice; the cookie is written only when it changes. */
function keepChoice(response: NextResponse, locale: Locale, request?: NextRequest): NextResponse {
  if (request?.cookies.get(LOCALE_COOKIE)?.value === locale) return response;
  response.cookies.set(LOCALE_COOKIE, locale, choiceCookieOptions());
  return response;
}
