import { getTranslations } from "next-intl/server";

const REASONS = ["empty", "not_a_number", "no_decimals", "ambiguous", "not_positive", "too_large"] as const;

/** What an amount can be refused for before it is sent, by its reason, in the page's language. */
export async function amountReasons(): Promise<Record<string, string>> {
  const fields = await getTranslations("fields");
  return Object.fromEntries(REASONS.map((reason) => [reason, fields(reason)]));
}
