import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { config } from "@/lib/config";
import { firstQuery } from "@/lib/http/first-query";
import { pageAddress } from "@/lib/http/form-draft";
import { currentPath } from "@/lib/i18n/current-path";
import { localizedPath } from "@/lib/i18n/href";
import { DEFAULT_LOCALE, LOCALE_COOKIE, type Locale } from "@/lib/i18n/routing";
import { database } from "@/lib/services/context";
import { findSession, type SignedInUser } from "@/lib/services/identity/sessions/find-session";
import { safePath } from "./safe-path";
import { sessionCookieName, sessionIdIn } from "./session-cookie";

export type { SignedInUser };

/** The session id that the browser's cookie carries, whether its session still works or not. */
export async function currentSessionId(): Promise<string | null> {
  const { auth } = config();
  const cookie = (await cookies()).get(sessionCookieName(auth.isHttps))?.value;
  return await sessionIdIn(cookie, auth);
}

/** Who is signed in, read once a request; null without a session, or when it was ended. Throws `unavailable`. */
export const currentUser = cache(async (): Promise<SignedInUser | null> => {
  const sessionId = await currentSessionId();
  return sessionId === null ? null : await firstQuery(findSession(database(), sessionId));
});

/** For pages: the signed-in person, or a redirect to the sign-in page, which returns to this page with its query. */
export async function requireUserOrRedirect(locale: Locale): Promise<SignedInUser> {
  const user = await currentUser();
  if (user) {
    // A browser in which no language was chosen: the account's, as chosen in its settings.
    const isAccountsChoice = locale === DEFAULT_LOCALE && user.locale !== locale;
    if (isAccountsChoice && !(await cookies()).has(LOCALE_COOKIE)) {
      redirect(localizedPath(user.locale, await currentPath()));
    }
    return user;
  }
  const here = pageAddress(await currentPath());
  // A query that is too long to be kept is left out.
  const path = safePath(here) ?? safePath(here.split("?", 1)[0]);
  const query = path === null || path === "/" ? "" : `?next=${encodeURIComponent(path)}`;
  redirect(localizedPath(locale, "/sign-in") + query);
}
