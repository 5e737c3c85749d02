import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import type { ChangeView } from "@/lib/services/tontines/views/change-view";
import { isolate } from "@/lib/ui/bidi-text";

/** What a change is about, in one line; names isolated. */
export async function changeTitle({ kind, from, to, amount }: ChangeView): Promise<string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges")]);
  const nameOf = (side: ChangeView["to"]) =>
    side === null ? t("whoHasLink") : side.isMe ? t("you") : isolate(side.name);
  return t(`title.${kind}`, { from: nameOf(from), to: nameOf(to), amount: formatMoney(amount, locale) });
}
