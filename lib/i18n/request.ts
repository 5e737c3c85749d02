import { getRequestConfig } from "next-intl/server";
import english from "./messages/en.json";
import french from "./messages/fr.json";
import { DEFAULT_LOCALE, isLocale, type Locale } from "./routing";

const MESSAGES: Record<Locale, typeof french> = { fr: french, en: english };

/** next-intl's configuration of one request; `next.config.ts` names this file. */
export default getRequestConfig(async ({ requestLocale }) => {
  const requested = await requestLocale;
  const locale = isLocale(requested) ? requested : DEFAULT_LOCALE;
  return { locale, messages: MESSAGES[locale] };
});
