import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { linkPreview } from "@/lib/next/link-preview";
import { withNext } from "@/lib/next/next-path";
import { setResponseStatus } from "@/lib/next/page-status";
import { currentUser, requireUserOrRedirect } from "@/lib/next/session";
import {
  type AgreementView,
  getInvitation,
  previewInvitation,
} from "@/lib/services/tontines/views/get-agreement";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { AccountLinks } from "../../account-links";
import { missingPage } from "../../missing-page";
import { nullIfNotFound } from "../../null-if-not-found";
import { safePage } from "../../safe-page";
import { joinTontine } from "../../tontines/actions";
import { Agreement } from "../../tontines/agreement";
import { sharesWord } from "../../tontines/shares-word";
import { PinGate } from "../../wallet/pin-confirmation";
import { formWords } from "../../wallet/vaults/field-words";

interface JoinPageProps {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const [titles, t] = await Promise.all([getTranslations("titles"), getTranslations("linkPreview")]);
  const title = titles("tontineJoin");
  return { ...(await linkPreview(title, t("tontine"))), title, robots: { index: false, follow: false } };
}

/** Where the link or code of a tontine leads: all that is signed, and the PIN that signs it; signed out, to sign-in and sign-up, which come back here. */
export default safePage(async function JoinPage({ params }: JoinPageProps) {
  const { token } = await params;
  const locale = await getLocale();
  if (!(await currentUser())) return await signedOutPage(token);
  await requireUserOrRedirect(locale);
  const agreement = await findAgreement(token);
  if (agreement === "limited") return await limitedPage();
  if (!agreement) return missingPage();
  if (agreement.viewer === "signed") redirect(localizedPath(locale, `/tontines/${agreement.code}`));
  const t = await getTranslations("tontines.join");
  const isFull = agreement.offers.length === 0;
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={<BidiText text={t("heading", { name: isolate(agreement.name) })} />}
        lead={t("lead", {
          count: agreement.shareCount,
          amount: formatMoney(agreement.contribution, locale),
          calendar: t(`calendar.${agreement.calendar.kind}`),
        })}
        back={{ href: localizedPath(locale, "/tontines"), label: t("back") }}
      />
      <Notice tone="waiting">{t("warning")}</Notice>
      <Agreement agreement={agreement} />
      <div className="mt-7">
        {isFull && agreement.viewer === "outside" ? (
          <Notice tone="bad">{t("full")}</Notice>
        ) : (
          <JoinForm agreement={agreement} invitation={token} />
        )}
      </div>
    </PageShell>
  );
});

/** Codes are short: how many one person may try is limited. */
async function findAgreement(token: string): Promise<AgreementView | "limited" | null> {
  try {
    return await nullIfNotFound(getInvitation(await currentContext(), token));
  } catch (error) {
    if (error instanceof DomainError && error.code === "rate_limited") return "limited";
    throw error;
  }
}

async function limitedPage() {
  setResponseStatus(429);
  const [locale, t, errors] = await Promise.all([
    getLocale(),
    getTranslations("tontines.join"),
    getTranslations("errors"),
  ]);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("limited")}
        lead={errors("rate_limited")}
        back={{ href: localizedPath(locale, "/tontines"), label: t("back") }}
      />
    </PageShell>
  );
}

async function JoinForm({ agreement, invitation }: { agreement: AgreementView; invitation: string }) {
  const [t, all, pin] = await Promise.all([
    getTranslations("tontines.join"),
    getTranslations("tontines"),
    getTranslations("pin"),
  ]);
  const { offers, viewer, rules } = agreement;
  const options = offers.map(({ halves }) => ({
    value: halves === 1 ? "0.5" : String(halves / 2),
    label: sharesWord(all, halves),
  }));
  return (
    <PinGate path={`/join/${invitation}`}>
      <FieldsForm
        id="join"
        name="join-tontine"
        action={joinTontine}
        hidden={{ invitation, hash: rules.hash }}
        fields={[
          ...(viewer === "outside" ? [{ name: "shares", label: t("shares"), options, value: "1" }] : []),
          { name: "pin", label: pin("label"), hint: pin("hint"), kind: "pin" as const },
        ]}
        words={await formWords(t("submit"))}
      />
    </PinGate>
  );
}

async function signedOutPage(token: string) {
  const here = `/join/${token}`;
  // A code is short: what it opens is told to people only, whose tries are counted.
  if (isCode(token)) redirect(withNext(localizedPath(await getLocale(), "/sign-in"), here));
  const preview = await nullIfNotFound(previewInvitation(await currentContext(), token));
  if (!preview) return missingPage();
  const t = await getTranslations("tontines.join");
  return (
    <PageShell area="site" width="form">
      <PageHeading
        title={<BidiText text={t("heading", { name: isolate(preview.name) })} />}
        lead={t("signedOut")}
      />
      <AccountLinks here={here} first="signUp" />
    </PageShell>
  );
}

const isCode = (token: string) => /^[\dA-Za-z]{6}$/.test(token);
