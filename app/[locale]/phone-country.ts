import { getLocale, getTranslations } from "next-intl/server";
import { readChoice } from "@/lib/next/choice-cookies";
import {
  callingCodeOf,
  isPhoneCountry,
  PHONE_COUNTRIES,
  type PhoneCountry,
  phoneCountryOf,
} from "@/lib/phone";

/** The country that this browser's person last chose for a number. */
export const PHONE_COUNTRY_COOKIE = "phone_country";

/** The countries to choose from in the reader's language, with the one to begin with. */
export async function phoneCountryChoice(ownPhone: string | null) {
  const t = await getTranslations("countries");
  return {
    countries: PHONE_COUNTRIES.map((country) => ({
      value: country,
      label: `${t(country)} (+${callingCodeOf(country)})`,
    })),
    country: await likelyCountry(ownPhone),
  };
}

/** Of the person's own number, or else last chosen in this browser, or else where the page's language is spoken most. */
async function likelyCountry(ownPhone: string | null): Promise<PhoneCountry> {
  const own = ownPhone && phoneCountryOf(ownPhone);
  if (own) return own;
  const chosen = await readChoice(PHONE_COUNTRY_COOKIE);
  if (chosen && isPhoneCountry(chosen)) return chosen;
  return (await getLocale()) === "en" ? "NG" : "BF";
}
