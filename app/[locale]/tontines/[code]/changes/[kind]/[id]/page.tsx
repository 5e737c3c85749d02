import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { siteUrl } from "@/lib/next/site-url";
import type { ChangeKind, ChangeView } from "@/lib/services/tontines/views/change-view";
import { type ChangeDetails, getChange } from "@/lib/services/tontines/views/list-changes";
import { BidiText } from "@/lib/ui/bidi-text";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../../../missing-page";
import { nullIfNotFound } from "../../../../../null-if-not-found";
import { safePage } from "../../../../../safe-page";
import { ShareLink } from "../../../../../share-link";
import { PinEntry } from "../../../../../wallet/pin-confirmation";
import { formWords } from "../../../../../wallet/vaults/field-words";
import { acceptChange, countersignChange, endChange } from "../../../../change-actions";
import { formatDue } from "../../../../format-due";
import { RulesText } from "../../../../rules-text";
import { TontinePage } from "../../../../tontine-page";
import { ChangeDone } from "../../change-done";
import { changeTitle } from "../../change-title";

interface ChangePageProps {
  params: Promise<{ code: string; kind: string; id: string }>;
  searchParams: Promise<Query>;
}

const KINDS = ["swap", "handover", "guarantee", "leaving"] as const satisfies ChangeKind[];

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineChange") };
}

/** One change: what it is, what it means for the viewer, and the PIN of who is asked to sign. */
export default safePage(async function ChangePage({ params, searchParams }: ChangePageProps) {
  const [{ code, kind: wanted, id }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const kind = KINDS.find((each) => each === wanted);
  const details = kind && (await nullIfNotFound(getChange(await currentContext(), { code, kind, id })));
  if (!details) return missingPage();
  const { change } = details;
  const t = await getTranslations("tontineChanges");
  return (
    <TontinePage
      tontine={details}
      width="form"
      hasBar={change.may === null}
      title={t(`heading_${change.kind}`)}
      lead={<BidiText text={await changeTitle(change)} />}
    >
      <ChangeDone done={query.done} />
      <ReceiptRows rows={await rowsOf(details)} />
      {change.may !== null && (
        <div className="mt-4">
          <Notice tone="waiting">
            {t(`means.${change.may}.${change.kind as "swap"}`, {
              amount: formatMoney(change.amount, locale),
              arrears: formatMoney(change.arrears, locale),
            })}
          </Notice>
        </div>
      )}
      {change.kind === "handover" && change.may === "accept" && (
        <Section heading={t("rules")}>
          <div className="mt-3">
            <RulesText text={details.rules[locale]} />
          </div>
        </Section>
      )}
      {change.token !== null && <PlaceLink name={details.name} token={change.token} />}
      <div className="mt-5">
        <Decision details={details} />
      </div>
    </TontinePage>
  );
});

async function rowsOf({ change, zone }: ChangeDetails): Promise<ReceiptRow[]> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges")]);
  const { kind, from, to, fromTurn, toTurn, amount, arrears, state, expiresAt } = change;
  const turnOf = async (turn: ChangeView["fromTurn"]) =>
    turn && t("turnOn", { number: turn.number, when: await formatDue(turn.dueAt, locale, zone) });
  const side = async (label: string, who: ChangeView["to"], turn: ChangeView["fromTurn"]) => ({
    label,
    value: (
      <>
        <bdi className="block">{who === null ? t("whoHasLink") : who.isMe ? t("you") : who.name}</bdi>
        {turn && <span className="block text-sm font-normal text-muted">{await turnOf(turn)}</span>}
      </>
    ),
    strong: true,
  });
  return [
    await side(t(`fromLabel.${kind}`), from, fromTurn),
    ...(kind === "leaving" ? [] : [await side(t(`toLabel.${kind}`), to, toTurn)]),
    ...(amount.amountMinor > 0n && (kind === "swap" || kind === "guarantee")
      ? [{ label: t(`amountLabel.${kind}`), value: formatMoney(amount, locale), strong: true }]
      : []),
    ...(kind === "handover" ? [{ label: t("arrears"), value: formatMoney(arrears, locale) }] : []),
    { label: t("state"), value: t(`states.${state as "offered"}`) },
    ...(expiresAt && ["offered", "accepted"].includes(state)
      ? [{ label: t("expires"), value: await formatDue(expiresAt, locale, zone) }]
      : []),
  ];
}

/** The link of a place, for whoever is to take it. */
async function PlaceLink({ name, token }: { name: string; token: string }) {
  const [t, site] = await Promise.all([getTranslations("tontineChanges"), getTranslations("site")]);
  const url = siteUrl(`/take-over/${token}`);
  return (
    <Section heading={t("linkHeading")}>
      <p className="mt-1 mb-3 text-muted">{t("linkText")}</p>
      <ShareLink label={t("link")} url={url} text={t("shareText", { name, link: url, site: site("name") })} />
    </Section>
  );
}

async function Decision({ details }: { details: ChangeDetails }) {
  const t = await getTranslations("tontineChanges");
  const { code, change } = details;
  const { kind, id, may, mayEnd, isHeldUp } = change;
  const hidden = { code, kind, id };
  const path = `/tontines/${code}/changes/${kind}/${id}`;
  const isAsked = may !== null && !(may === "countersign" && isHeldUp);
  return (
    <>
      {isHeldUp && <Notice tone="waiting">{t(may === "countersign" ? "heldUp" : "heldUpByYou")}</Notice>}
      {isAsked && (
        <PinEntry
          name={may === "accept" ? "accept-change" : "countersign-change"}
          action={may === "accept" ? acceptChange : countersignChange}
          hidden={hidden}
          path={path}
          submit={t(`submit.${may}`)}
        />
      )}
      {mayEnd && (
        <div className="mt-3">
          <FieldsForm
            id="end"
            name="end-change"
            action={endChange}
            hidden={hidden}
            fields={[]}
            variant="secondary"
            words={await formWords(t(change.from.isMe ? "takeBack" : "decline"))}
          />
        </div>
      )}
    </>
  );
}
