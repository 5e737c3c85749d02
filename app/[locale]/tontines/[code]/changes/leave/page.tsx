import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getLeaving, type LeavingView } from "@/lib/services/tontines/views/get-change-choices";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { PinEntry } from "../../../../wallet/pin-confirmation";
import { leave } from "../../../change-actions";
import { formatDue } from "../../../format-due";
import { TontinePage } from "../../../tontine-page";

interface LeavePageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineLeave") };
}

/** What leaving means: before the start nothing, afterwards what comes back, when, and what is kept; then the PIN. */
export default safePage(async function LeavePage({ params }: LeavePageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const leaving = await nullIfNotFound(getLeaving(await currentContext(), code));
  if (!leaving) return missingPage();
  const t = await getTranslations("tontineChanges.leave");
  return (
    <TontinePage tontine={leaving} width="form" title={t("heading")} lead={t(`lead.${leaving.how}`)}>
      {leaving.problem === null && leaving.how === "request" && <Sums leaving={leaving} />}
      <div className="mt-4">
        <Next leaving={leaving} />
      </div>
    </TontinePage>
  );
});

async function Sums({ leaving }: { leaving: LeavingView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges.leave")]);
  const { paid, kept, back, turns, zone } = leaving;
  const days = await Promise.all(turns.map(({ dueAt }) => formatDue(dueAt, locale, zone)));
  return (
    <>
      <ReceiptRows
        rows={[
          { label: t("paid"), value: formatMoney(paid, locale) },
          { label: t("kept"), value: formatMoney(kept, locale) },
          { label: t("back"), value: formatMoney(back, locale), strong: true },
          { label: t("when"), value: days.join(" · ") },
        ]}
      />
      <div className="mt-4">
        <Notice>{t("means")}</Notice>
      </div>
    </>
  );
}

async function Next({ leaving }: { leaving: LeavingView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges.leave")]);
  const { code, how, problem } = leaving;
  if (problem !== null || how === "asked") {
    return (
      <>
        <Notice tone="waiting">{t(problem === null ? "asked" : `problem.${problem}`)}</Notice>
        <ButtonLink
          wide
          variant="secondary"
          href={localizedPath(locale, `/tontines/${code}${problem === "owes" ? "/pay" : "/changes"}`)}
        >
          {t(problem === "owes" ? "toPay" : "toChanges")}
        </ButtonLink>
      </>
    );
  }
  return (
    <PinEntry
      name="leave-tontine"
      action={leave}
      hidden={{ code }}
      path={`/tontines/${code}/changes/leave`}
      submit={t(`submit.${how}`)}
    />
  );
}
