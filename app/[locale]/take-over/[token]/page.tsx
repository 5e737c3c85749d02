import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { linkPreview } from "@/lib/next/link-preview";
import { currentUser, requireUserOrRedirect } from "@/lib/next/session";
import { getPlace, type PlaceView, previewPlace } from "@/lib/services/tontines/views/get-place";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { AccountLinks } from "../../account-links";
import { missingPage } from "../../missing-page";
import { nullIfNotFound } from "../../null-if-not-found";
import { safePage } from "../../safe-page";
import { takeOver } from "../../tontines/change-actions";
import { formatDue } from "../../tontines/format-due";
import { RulesText } from "../../tontines/rules-text";
import { PinEntry } from "../../wallet/pin-confirmation";

interface TakeOverPageProps {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const [titles, t] = await Promise.all([getTranslations("titles"), getTranslations("linkPreview")]);
  const title = titles("tontineTakeOver");
  return { ...(await linkPreview(title, t("tontine"))), title, robots: { index: false, follow: false } };
}

/** Where the link of a place leads: what is taken over, arrears and rules, and the PIN; signed out, to sign-in and sign-up, which come back here. */
export default safePage(async function TakeOverPage({ params }: TakeOverPageProps) {
  const [{ token }, locale] = await Promise.all([params, getLocale()]);
  if (!(await currentUser())) return await signedOutPage(token);
  await requireUserOrRedirect(locale);
  const place = await nullIfNotFound(getPlace(await currentContext(), token));
  if (!place) return missingPage();
  if (place.isTaken) redirect(localizedPath(locale, `/tontines/${place.code}/changes`));
  const t = await getTranslations("tontineChanges.takeOver");
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={<BidiText text={t("heading", { name: isolate(place.name) })} />}
        lead={<BidiText text={t("lead", { from: isolate(place.from) })} />}
        back={{ href: localizedPath(locale, "/tontines"), label: t("back") }}
      />
      <Notice tone="waiting">{t("warning")}</Notice>
      <Place place={place} />
      <Section heading={t("rules")}>
        <div className="mt-3">
          <RulesText text={place.rules[locale]} />
        </div>
      </Section>
      <div className="mt-7">
        <PinEntry
          name="take-place"
          action={takeOver}
          hidden={{ token }}
          path={`/take-over/${token}`}
          submit={t("submit")}
        />
      </div>
    </PageShell>
  );
});

async function Place({ place }: { place: PlaceView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges.takeOver")]);
  const { turn, zone, perTurn, turnsLeft, arrears, gets } = place;
  return (
    <div className="mt-4">
      <ReceiptRows
        rows={[
          {
            label: t("turn"),
            value: t("turnOn", {
              number: turn.number,
              count: turn.count,
              when: await formatDue(turn.dueAt, locale, zone),
            }),
            strong: true,
          },
          { label: t("arrears"), value: formatMoney(arrears, locale), strong: arrears.amountMinor > 0n },
          { label: t("perTurn"), value: formatMoney(perTurn, locale) },
          { label: t("turnsLeft"), value: String(turnsLeft) },
          { label: t("gets"), value: formatMoney(gets, locale), strong: true },
        ]}
      />
    </div>
  );
}

async function signedOutPage(token: string) {
  const preview = await nullIfNotFound(previewPlace(await currentContext(), token));
  if (!preview) return missingPage();
  const here = `/take-over/${token}`;
  const t = await getTranslations("tontineChanges.takeOver");
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
