import { getLocale, getTranslations } from "next-intl/server";
import type { IssueValue } from "@/lib/errors";
import { formatDateTime } from "@/lib/i18n/format-date";
import { leftValues } from "@/lib/i18n/left-values";
import type { Locale } from "@/lib/i18n/routing";
import { isCurrency } from "@/lib/money/currency";
import { formatMoney } from "@/lib/money/format-money";
import type { ActionTranslator } from "./run-action";
import { isBalanceHidden } from "./shown-balance";
import { viewerTimeZone } from "./viewer-time-zone";

type Values = Record<string, string | number>;

function formatValue(value: IssueValue, locale: Locale): string | number {
  if (typeof value !== "object") return value;
  const { amountMinor, currency } = value;
  return isCurrency(currency) ? formatMoney({ amountMinor, currency }, locale) : String(amountMinor);
}

/** Messages in this request's language, which `proxy.ts` reads from the address. */
export async function actionTranslator(): Promise<ActionTranslator> {
  const [locale, t, zone, isHidden] = await Promise.all([
    getLocale(),
    getTranslations(),
    viewerTimeZone(),
    isBalanceHidden(),
  ]);
  // Reasons come from schemas and verbs as text, so which have a message is checked at run time.
  const say = t as unknown as ((key: string, values?: Values) => string) & { has(key: string): boolean };
  return {
    error(code, { retryAfterSeconds, triesLeft = 0, until, left, isOtherAccounts }) {
      if (isOtherAccounts) return t("form.otherAccount");
      // The other codes with a time say themselves until when to wait.
      if (code === "rate_limited" && retryAfterSeconds !== undefined) {
        return t("form.rateLimited", { count: Math.ceil(retryAfterSeconds / 60) });
      }
      return say(`errors.${code}`, {
        triesLeft,
        until: until ? formatDateTime(until, locale, zone) : "",
        ...leftValues(left, locale),
      });
    },
    field({ reason, values = {} }) {
      const formatted = Object.entries(values).map(([name, value]) => [
        name,
        name === "balance" && isHidden ? "•••" : formatValue(value, locale),
      ]);
      return say.has(`fields.${reason}`)
        ? say(`fields.${reason}`, Object.fromEntries(formatted))
        : t("fields.invalid");
    },
  };
}
