import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { Query } from "@/lib/next/next-path";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { IgnoredInLink } from "../../ignored-in-link";
import type { ReadLink } from "../../payment-link";
import type { LinkedRecipient } from "./linked-recipient";

interface LinkNoticesProps {
  linked: LinkedRecipient;
  link: ReadLink;
  query: Query;
}

/** The recipient and the amount of a payment link; or why the link can't be used, with the next step. */
export async function LinkNotices({ linked, link, query }: LinkNoticesProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("payLink")]);
  const passedOn = typeof query.ignored === "string" ? query.ignored.slice(0, 40).split(",") : [];
  const isProposal = link.amount !== null || link.note !== null;
  return (
    <>
      {linked.problem === "own" ? (
        <Notice tone="waiting">
          <p>{t("own")}</p>
          <ButtonLink variant="link" className="px-0" href={localizedPath(locale, "/wallet/receive")}>
            {t("ownAction")}
          </ButtonLink>
        </Notice>
      ) : (
        linked.problem && (
          <Notice tone={linked.problem === "limited" ? "waiting" : "bad"}>{t(linked.problem)}</Notice>
        )
      )}
      {linked.name && (
        <Notice tone="good">
          <p className="text-base font-semibold">
            <BidiText text={t(isProposal ? "linked" : "chosen", { name: isolate(linked.name) })} />
          </p>
          {link.amount && <p>{t("proposed", { amount: formatMoney(link.amount, locale) })}</p>}
        </Notice>
      )}
      <IgnoredInLink fields={[...Object.keys(link.problems), ...passedOn]} />
    </>
  );
}
