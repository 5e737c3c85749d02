import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { type ClosingView, getClosing } from "@/lib/services/tontines/views/get-closing";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { discharge } from "../../office-actions";
import { OfficeDone } from "../../office-done";
import { TontinePage } from "../../tontine-page";

interface ClosePageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineClose") };
}

/** What the group holds and who owes whom; at the end an officer's PIN returns deposits and shares out the box. */
export default safePage(async function ClosePage({ params, searchParams }: ClosePageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const closing = await nullIfNotFound(getClosing(await currentContext(), code));
  if (!closing) return missingPage();
  const t = await getTranslations("tontineBooks.close");
  return (
    <TontinePage tontine={closing} width="form" title={t("heading")} lead={t("lead")}>
      <OfficeDone done={query.done} />
      <ReceiptRows
        rows={[
          { label: t("box"), value: formatMoney(closing.box, locale) },
          { label: t("solidarity"), value: formatMoney(closing.solidarity, locale) },
          { label: t("deposits"), value: formatMoney(closing.deposits, locale) },
          { label: t("advances"), value: formatMoney(closing.advances, locale) },
          { label: t("keptFor"), value: formatMoney(closing.kept, locale) },
        ]}
      />
      <Section heading={t("debts")}>
        <Debts closing={closing} />
      </Section>
      <div className="mt-5">
        <Discharge closing={closing} />
      </div>
    </TontinePage>
  );
});

async function Debts({ closing }: { closing: ClosingView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.close")]);
  if (closing.debts.length === 0) return <p className="mt-2 text-muted">{t("noDebts")}</p>;
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {closing.debts.map(({ id, debtor, creditor, open }) => (
        <li key={id} className="flex flex-wrap justify-between gap-x-4 py-3">
          <span className="min-w-0">
            <bdi className="font-semibold">{debtor}</bdi> → <bdi>{creditor ?? t("fund")}</bdi>
          </span>
          <span className="font-semibold">{formatMoney(open, locale)}</span>
        </li>
      ))}
    </ul>
  );
}

async function Discharge({ closing }: { closing: ClosingView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.close")]);
  if (closing.mayClose) {
    return (
      <>
        <Notice>{t("what")}</Notice>
        <PinEntry
          name="close-tontine"
          action={discharge}
          hidden={{ code: closing.code }}
          path={`/tontines/${closing.code}/close`}
          submit={t("submit")}
        />
      </>
    );
  }
  const path = `/tontines/${closing.code}`;
  const text = closing.state === "closed" ? "isClosed" : closing.state === "closing" ? "officers" : "notYet";
  return (
    <>
      <Notice>{t(text)}</Notice>
      <ButtonLink
        wide
        variant="secondary"
        href={localizedPath(locale, closing.state === "closed" ? `${path}/cashbook` : path)}
      >
        {t(closing.state === "closed" ? "toCashbook" : "toGroup")}
      </ButtonLink>
    </>
  );
}
