import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getTurn, type TurnDetails } from "@/lib/services/tontines/views/get-turn";
import { ButtonLink } from "@/lib/ui/button";
import { Columns } from "@/lib/ui/columns";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Pager } from "@/lib/ui/pager";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { formWords } from "../../../../wallet/vaults/field-words";
import { formatDue } from "../../../format-due";
import { confirmArrival, proposePayoutsAgain } from "../../../office-actions";
import { OfficeDone } from "../../../office-done";
import { TontinePage } from "../../../tontine-page";
import { DeclineForm } from "./decline-form";
import { Payouts } from "./payouts";
import { TurnDues } from "./turn-dues";

interface TurnPageProps {
  params: Promise<{ code: string; number: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineTurn") };
}

/** One turn: who has paid, who is awaited, what is in the pot and what was paid out of it. */
export default safePage(async function TurnPage({ params, searchParams }: TurnPageProps) {
  const [{ code, number }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const wanted = /^[1-9]\d{0,3}$/.test(number) ? Number(number) : 0;
  const turn = await nullIfNotFound(getTurn(await currentContext(), { code, number: wanted }));
  if (!turn) return missingPage();
  const t = await getTranslations("tontineBooks.turn");
  const turnLink = (of: number) =>
    of < 1 || of > turn.turnCount
      ? undefined
      : {
          href: localizedPath(locale, `/tontines/${turn.code}/turns/${of}`),
          label: t("heading", { number: of, count: turn.turnCount }),
        };
  return (
    <TontinePage
      tontine={{ code: turn.code, name: turn.tontine }}
      title={t("heading", { number: turn.number, count: turn.turnCount })}
      lead={t("before", { when: await formatDue(turn.dueAt, locale, turn.zone) })}
    >
      <Columns
        side={
          <Section heading={t("payouts")}>
            <Payouts turn={turn} />
          </Section>
        }
      >
        <OfficeDone done={query.done} />
        <ReceiptRows rows={await rowsOf(turn)} />
        <Next turn={turn} />
        <Section heading={t("dues")}>
          <TurnDues turn={turn} />
        </Section>
        {turn.mayDecline && (
          <Section heading={t("declineHeading")}>
            <DeclineForm hidden={{ code: turn.code, turn: turn.number.toString(), turnId: turn.id }} />
          </Section>
        )}
        <Pager label={t("pages")} newer={turnLink(turn.number - 1)} older={turnLink(turn.number + 1)} />
      </Columns>
    </TontinePage>
  );
});

async function rowsOf(turn: TurnDetails): Promise<ReceiptRow[]> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.turn")]);
  const names = turn.receivers.map(({ memberId, name, isMe }) => (
    <bdi key={memberId} className="block">
      {isMe ? t("you") : name}
    </bdi>
  ));
  return [
    { label: t("receivers"), value: names, strong: true },
    { label: t("state"), value: t(`states.${turn.state}`) },
    { label: t("expected"), value: formatMoney(turn.expected, locale) },
    { label: t("pot"), value: formatMoney(turn.pot, locale) },
    ...(turn.state === "called"
      ? [{ label: t("closesAt"), value: await formatDue(turn.closesAt, locale, turn.zone) }]
      : []),
  ];
}

/** What the viewer can do about the turn now. */
async function Next({ turn }: { turn: TurnDetails }) {
  const t = await getTranslations("tontineBooks.turn");
  const hidden = { code: turn.code, turn: turn.number.toString(), turnId: turn.id };
  if (turn.mayConfirm) {
    return (
      <div className="mt-5">
        <FieldsForm
          id="confirm"
          name="confirm-receipt"
          action={confirmArrival}
          hidden={hidden}
          fields={[]}
          note={<p className="mb-3">{t("confirmText")}</p>}
          words={await formWords(t("confirm"))}
        />
      </div>
    );
  }
  const maySwap =
    turn.state === "planned" && turn.kind === "rotation" && turn.receivers.some(({ isMe }) => isMe);
  if (maySwap) {
    return (
      <p className="mt-5">
        <ButtonLink
          wide
          variant="secondary"
          href={localizedPath(await getLocale(), `/tontines/${turn.code}/changes/swap`)}
        >
          {t("swap")}
        </ButtonLink>
      </p>
    );
  }
  if (!turn.mayProposeAgain) return null;
  return (
    <div className="mt-5">
      <FieldsForm
        id="again"
        name="propose-again"
        action={proposePayoutsAgain}
        hidden={hidden}
        fields={[]}
        variant="secondary"
        note={<p className="mb-3">{t("proposeText")}</p>}
        words={await formWords(t("propose"))}
      />
    </div>
  );
}
