import { cookies } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";
import { BALANCE_COOKIE } from "./choice-cookies";

/** True while the person hides the balance: then no page sends it, nor what it could be computed from. */
export async function isBalanceHidden(): Promise<boolean> {
  return (await cookies()).has(BALANCE_COOKIE);
}

/** A balance, or what is left of one, as every page but the overview writes it: a word in its place while it is hidden. */
export async function shownBalance(balance: Money): Promise<string> {
  if (await isBalanceHidden()) return (await getTranslations("overview"))("hiddenAmount");
  return formatMoney(balance, await getLocale());
}
