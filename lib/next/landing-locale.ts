import { cookies } from "next/headers";
import { getLocale } from "next-intl/server";
import { currentUser } from "@/lib/auth/current-user";
import { DEFAULT_LOCALE, isLocale, LOCALE_COOKIE, type Locale } from "@/lib/i18n/routing";

/**
 * The language in which a person who has just signed in goes on: the page's where its address names one, else the one chosen in
 * this browser, else the one chosen in the account's settings. Only in server actions.
 */
export async function landingLocale(): Promise<Locale> {
  const locale = await getLocale();
  if (locale !== DEFAULT_LOCALE) return locale;
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  return isLocale(chosen) ? chosen : ((await currentUser())?.locale ?? locale);
}
