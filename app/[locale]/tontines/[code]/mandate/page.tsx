import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { addDays } from "@/lib/day-range";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getMandate, type MandateView } from "@/lib/services/tontines/views/get-mandate";
import { ActionForm } from "@/lib/ui/action-form.client";
import { AmountField } from "@/lib/ui/amount-field";
import { Button } from "@/lib/ui/button";
import { Disclosure } from "@/lib/ui/disclosure";
import { Field } from "@/lib/ui/field";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { plainAmount } from "../../../payment-link";
import { safePage } from "../../../safe-page";
import { unitOf } from "../../../wallet/amount-field-props";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { consent, endConsent, resumeConsent } from "../../actions";
import { TontinePage } from "../../tontine-page";

interface MandatePageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineMandate") };
}

const textOf = (value: string | string[] | undefined) =>
  typeof value === "string" ? value.slice(0, 40) : "";

/** A standing contribution: its text, the PIN that consents; one tap stops the one that was given. */
export default safePage(async function MandatePage({ params, searchParams }: MandatePageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const typed = { ceiling: textOf(query.ceiling), endsOn: textOf(query.endsOn) };
  const mandate = await nullIfNotFound(getMandate(await currentContext(), code, typed));
  if (!mandate) return missingPage();
  const t = await getTranslations("tontines.mandate");
  return (
    <TontinePage tontine={mandate} width="form" title={t("heading")} lead={t("lead")}>
      {mandate.given && <Given mandate={mandate} given={mandate.given} />}
      {mandate.isPossible ? <Proposal mandate={mandate} typed={typed} /> : <Notice>{t("notYet")}</Notice>}
    </TontinePage>
  );
});

interface GivenProps {
  mandate: MandateView;
  given: NonNullable<MandateView["given"]>;
}

/** The one that runs, and how it is stopped. */
async function Given({ mandate, given }: GivenProps) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("tontines.mandate"),
    getTranslations("form"),
  ]);
  const { code, zone } = mandate;
  const isSuspended = given.state === "suspended";
  return (
    <>
      <Notice tone={isSuspended ? "waiting" : "good"} title={t(isSuspended ? "suspended" : "active")}>
        {isSuspended && t("suspendedText")}
      </Notice>
      <ReceiptRows
        rows={[
          { label: t("ceiling"), value: formatMoney(given.ceiling, locale) },
          { label: t("until"), value: dayInWords(given.endsOn, locale) },
          { label: t("givenOn"), value: formatDate(given.givenAt, locale, zone) },
        ]}
      />
      <div className="mt-4">
        <ActionForm name="end-mandate" action={endConsent} hidden={{ code }}>
          <SubmitButton wide variant="secondary" pendingLabel={form("pending")}>
            {t("stop")}
          </SubmitButton>
        </ActionForm>
      </div>
      {isSuspended && (
        <Section heading={t("resumeHeading")}>
          <div className="mt-3">
            <PinEntry
              name="resume-mandate"
              action={resumeConsent}
              hidden={{ code }}
              path={`/tontines/${code}/mandate`}
              submit={t("resume")}
            />
          </div>
        </Section>
      )}
    </>
  );
}

/** A day as it is stored, in words. */
const dayInWords = (day: string, locale: "fr" | "en") =>
  formatDate(new Date(`${day}T12:00:00Z`), locale, "UTC");

interface ProposalProps {
  mandate: MandateView;
  typed: { ceiling: string; endsOn: string };
}

/** The text of a new consent; its ceiling and end can be changed before. A suspended one is taken up again or ended first. */
async function Proposal({ mandate, typed }: ProposalProps) {
  if (mandate.given?.state === "suspended") return null;
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.mandate")]);
  const { code, proposed, problems, given } = mandate;
  return (
    <Section heading={t(given ? "replace" : "new")}>
      <blockquote className="mt-3 mb-4 rounded-card border border-line bg-card px-5 py-4">
        <bdi>{proposed[locale]}</bdi>
      </blockquote>
      <div className="mb-5 rounded-card border border-line bg-card">
        <Disclosure summary={t("change")} open={problems.length > 0}>
          <ChangeForm mandate={mandate} typed={typed} />
        </Disclosure>
      </div>
      {problems.length === 0 && (
        <PinEntry
          name="give-mandate"
          action={consent}
          hidden={{ code, ceiling: plainAmount(proposed.ceiling), endsOn: proposed.endsOn }}
          path={`/tontines/${code}/mandate`}
          submit={t("submit")}
        />
      )}
    </Section>
  );
}

/** How far ahead a consent may be asked to end. */
const DAYS_MAX = 3_650;

async function ChangeForm({ mandate, typed }: ProposalProps) {
  const [locale, t, fields] = await Promise.all([
    getLocale(),
    getTranslations("tontines.mandate"),
    getTranslations("fields"),
  ]);
  const { code, proposed, problems, today } = mandate;
  const errorOf = (name: string) => {
    const problem = problems.find(({ field }) => field === name);
    return problem && fields(problem.reason as Parameters<typeof fields>[0]);
  };
  return (
    <form method="get" action={localizedPath(locale, `/tontines/${code}/mandate`)}>
      <AmountField
        {...(await unitOf(proposed.ceiling.currency))}
        name="ceiling"
        label={t("ceiling")}
        hint={t("ceilingHint")}
        defaultValue={typed.ceiling || plainAmount(proposed.ceiling)}
        error={errorOf("ceiling")}
      />
      <Field
        name="endsOn"
        type="date"
        label={t("until")}
        min={today}
        max={addDays(today, DAYS_MAX)}
        defaultValue={typed.endsOn || proposed.endsOn}
        error={errorOf("endsOn")}
      />
      <Button wide variant="secondary">
        {t("changeSubmit")}
      </Button>
    </form>
  );
}
