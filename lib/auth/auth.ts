import { headers as nextHeaders } from "next/headers";
import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { config } from "@/lib/config";
import { DEFAULT_LOCALE, isLocale, LOCALE_HEADER, type Locale, splitLocale } from "@/lib/i18n/routing";
import { authConfig } from "./config";
import { safeUrlPath } from "./safe-path";
import { callbackCookieName } from "./session-cookie";
import { codeFromAuthQuery, signInErrorPath } from "./sign-in-error";

/** The language of the page that a sign-in goes back to: next-auth's own addresses have none. */
function localeOfCallback(request: NextRequest): Locale {
  const { origin, isHttps } = config().auth;
  const callback = request.cookies.get(callbackCookieName(isHttps))?.value ?? "";
  const path = safeUrlPath(callback, origin) ?? "/";
  return splitLocale(new URL(path, origin).pathname).locale ?? DEFAULT_LOCALE;
}

// A function, so that nothing is read from the environment while Next builds.
const auth = NextAuth(async (request) => {
  if (request) return authConfig(localeOfCallback(request), request.headers);
  const headers = new Headers(await nextHeaders());
  const locale = headers.get(LOCALE_HEADER) ?? undefined;
  return authConfig(isLocale(locale) ? locale : DEFAULT_LOCALE, headers);
});

export const { signIn, signOut } = auth;

type Handler = (request: NextRequest) => Promise<Response>;

/** Errors redirect to our sign-in page, in the person's language, with a code of ours. */
function withOurErrors(handle: Handler): Handler {
  return async (request) => {
    const response = await handle(request);
    const location = response.headers.get("location");
    const { origin: ownOrigin } = config().auth;
    if (location === null || !URL.canParse(location, ownOrigin)) return response;
    const { pathname, searchParams, origin } = new URL(location, ownOrigin);
    const { path } = splitLocale(pathname);
    if (origin !== ownOrigin || path !== "/sign-in" || !searchParams.has("error")) return response;
    const headers = new Headers(response.headers);
    headers.set("location", signInErrorPath(localeOfCallback(request), codeFromAuthQuery(searchParams)));
    return new Response(null, { status: 303, headers });
  };
}

/** next-auth's own addresses below /api/auth. */
export const handlers = {
  GET: withOurErrors(auth.handlers.GET),
  POST: withOurErrors(auth.handlers.POST),
};
