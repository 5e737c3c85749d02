import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { amountInWords } from "@/lib/money/amount-in-words";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getPayout, type PayoutDetails } from "@/lib/services/tontines/views/get-payout";
import { ButtonLink } from "@/lib/ui/button";
import { Disclosure } from "@/lib/ui/disclosure";
import { Notice } from "@/lib/ui/notice";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { PinEntry } from "../../../../wallet/pin-confirmation";
import { approve } from "../../../office-actions";
import { OfficeDone } from "../../../office-done";
import { TontinePage } from "../../../tontine-page";
import { RefuseForm } from "./refuse-form";

interface ApprovePageProps {
  params: Promise<{ code: string; payoutId: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineApprove") };
}

/** A payout before and after its approval: sum, receiver, who approved it; the PIN for who may. */
export default safePage(async function ApprovePage({ params, searchParams }: ApprovePageProps) {
  const [{ code, payoutId }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const payout = await nullIfNotFound(getPayout(await currentContext(), { code, payoutId }));
  if (!payout) return missingPage();
  const t = await getTranslations("tontineBooks.payout");
  return (
    <TontinePage
      tontine={{ code: payout.code, name: payout.tontine }}
      width="form"
      hasBar={!payout.mayApprove}
      title={t(payout.mayApprove ? "heading" : "headingSeen")}
      lead={t("lead", { turn: payout.turn })}
    >
      <OfficeDone done={query.done} />
      <ReceiptRows rows={await rowsOf(payout)} />
      <Section heading={t("approvedBy")}>
        <Approvals payout={payout} />
      </Section>
      <div className="mt-5">
        <Decision payout={payout} />
      </div>
      <p className="mt-5">
        <ButtonLink
          wide
          variant="secondary"
          href={localizedPath(locale, `/tontines/${payout.code}/turns/${payout.turn}`)}
        >
          {t("toTurn", { turn: payout.turn })}
        </ButtonLink>
      </p>
    </TontinePage>
  );
});

async function rowsOf(payout: PayoutDetails): Promise<ReceiptRow[]> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.payout")]);
  const { amount, kept, netted, retained, arrears } = payout;
  const some = ([label, part]: readonly [string, typeof amount]) =>
    part.amountMinor > 0n ? [{ label, value: formatMoney(part, locale) }] : [];
  return [
    {
      label: t("receiver"),
      value: payout.isReceiver ? t("you") : <bdi>{payout.receiver}</bdi>,
      strong: true,
    },
    { label: t("amount"), value: formatMoney(amount, locale), strong: true },
    { label: t("inWords"), value: amountInWords(amount, locale) },
    { label: t("destination"), value: t("destinationText") },
    { label: t("state"), value: t(`states.${payout.state}`) },
    ...(payout.reason === null ? [] : [{ label: t("reason"), value: <bdi>{payout.reason}</bdi> }]),
    ...(arrears === null ? [] : some([t("willNet"), arrears])),
    ...some([t("netted"), netted]),
    ...some([t("kept"), kept]),
    ...some([t("retained"), retained]),
  ];
}

async function Approvals({ payout }: { payout: PayoutDetails }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.payout")]);
  if (payout.approvals.length === 0) return <p className="mt-2 text-muted">{t("nobody")}</p>;
  return (
    <ul className="mt-2 divide-y divide-line rounded-card border border-line bg-card px-5">
      {payout.approvals.map(({ memberId, name, at }) => (
        <li key={memberId} className="flex flex-wrap justify-between gap-x-4 py-3">
          <bdi className="min-w-0 font-semibold">{name}</bdi>
          <span className="text-sm text-muted">{formatDateTime(at, locale, payout.zone)}</span>
        </li>
      ))}
    </ul>
  );
}

async function Decision({ payout }: { payout: PayoutDetails }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.payout")]);
  if (payout.state !== "proposed") return null;
  if (payout.hasApproved) return <Notice tone="good">{t("youApproved")}</Notice>;
  if (!payout.mayApprove) return <Notice>{t(payout.isReceiver ? "yours" : "notYou")}</Notice>;
  const hidden = { code: payout.code, payoutId: payout.id };
  const path = `/tontines/${payout.code}/approve/${payout.id}`;
  return (
    <>
      <PinEntry
        name="approve-payout"
        action={approve}
        hidden={{ ...hidden, hash: payout.hash }}
        path={path}
        submit={t("submit", { amount: formatMoney(payout.amount, locale) })}
      />
      <Disclosure summary={t("refuse")}>
        <RefuseForm hidden={hidden} />
      </Disclosure>
    </>
  );
}
