import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { amountInWords } from "@/lib/money/amount-in-words";
import { subtract } from "@/lib/money/arithmetic";
import { formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import {
  type ChangeChoices,
  getChangeChoices,
  type PlaceChoice,
} from "@/lib/services/tontines/views/get-change-choices";
import { AmountField } from "@/lib/ui/amount-field";
import { isolate } from "@/lib/ui/bidi-text";
import { Button, ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { SelectField } from "@/lib/ui/select-field";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { plainAmount } from "../../../../payment-link";
import { safePage } from "../../../../safe-page";
import { unitOf } from "../../../../wallet/amount-field-props";
import { PinEntry } from "../../../../wallet/pin-confirmation";
import { proposeSwap } from "../../../change-actions";
import { formatDue } from "../../../format-due";
import { TontinePage } from "../../../tontine-page";

interface SwapPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineSwap") };
}

const textOf = (value: string | string[] | undefined) =>
  typeof value === "string" ? value.slice(0, 40) : "";

/** Chooses whom to exchange turns with, for a sum or none; then shows what it means, and the PIN. */
export default safePage(async function SwapPage({ params, searchParams }: SwapPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const choices = await nullIfNotFound(getChangeChoices(await currentContext(), code));
  if (!choices) return missingPage();
  const t = await getTranslations("tontineChanges.swap");
  const mine = choices.mine.filter(({ isWhole }) => isWhole);
  const problem = choices.owes
    ? "owes"
    : mine.length === 0
      ? "none"
      : choices.others.length === 0
        ? "nobody"
        : null;
  return (
    <TontinePage tontine={choices} width="form" title={t("heading")} lead={t("lead")}>
      {problem === null ? (
        <Chosen choices={{ ...choices, mine }} query={query} />
      ) : (
        <>
          <Notice tone="waiting">{t(`problem.${problem}`)}</Notice>
          {problem === "owes" && (
            <ButtonLink wide href={localizedPath(locale, `/tontines/${choices.code}/pay`)}>
              {t("toPay")}
            </ButtonLink>
          )}
        </>
      )}
    </TontinePage>
  );
});

interface Typed {
  mine: PlaceChoice | undefined;
  other: PlaceChoice | undefined;
  sum: Money | null;
  sumText: string;
}

function readQuery({ mine, others, currency }: ChangeChoices, query: Query): Typed {
  const sumText = textOf(query.sum).trim();
  const parsed =
    sumText === "" || /^0+$/.test(sumText) ? money(0n, currency) : parseAmount(sumText, currency);
  const wanted = textOf(query.mine) || mine[0]?.holderId;
  return {
    mine: mine.find(({ holderId }) => holderId === wanted),
    other: others.find(({ holderId }) => holderId === textOf(query.with)),
    sum: "reason" in parsed ? null : money(parsed.amountMinor, currency),
    sumText,
  };
}

async function Chosen({ choices, query }: { choices: ChangeChoices; query: Query }) {
  const t = await getTranslations("tontineChanges.swap");
  const typed = readQuery(choices, query);
  const { mine, other, sum } = typed;
  if (mine && other && sum) {
    return (
      <>
        <Review choices={choices} mine={mine} other={other} sum={sum} />
        <Section heading={t("other")}>
          <Choose choices={choices} typed={typed} />
        </Section>
      </>
    );
  }
  return <Choose choices={choices} typed={typed} isWrong={query.with !== undefined} />;
}

interface ReviewProps {
  choices: ChangeChoices;
  mine: PlaceChoice;
  other: PlaceChoice;
  sum: Money;
}

async function Review({ choices, mine, other, sum }: ReviewProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges.swap")]);
  const { code, zone, available } = choices;
  const turnOn = async ({ turn }: PlaceChoice) =>
    t("turnOn", { number: turn.number, when: await formatDue(turn.dueAt, locale, zone) });
  const gives = sum.amountMinor > 0n;
  const rows: ReceiptRow[] = [
    { label: t("with"), value: <bdi>{other.name}</bdi>, strong: true },
    { label: t("now"), value: await turnOn(mine) },
    { label: t("then"), value: await turnOn(other), strong: true },
    { label: t("sum"), value: gives ? formatMoney(sum, locale) : t("nothing"), strong: gives },
    ...(gives ? [{ label: t("inWords"), value: amountInWords(sum, locale) }] : []),
    ...(gives && available.amountMinor >= sum.amountMinor
      ? [{ label: t("after"), value: await shownBalance(subtract(available, sum)) }]
      : []),
  ];
  return (
    <>
      <ReceiptRows rows={rows} />
      <div className="mt-4">
        <Notice>{t(gives ? "meansSum" : "means")}</Notice>
        <PinEntry
          name="offer-swap"
          action={proposeSwap}
          hidden={{
            code,
            holderId: mine.holderId,
            withHolderId: other.holderId,
            consideration: gives ? plainAmount(sum) : "",
          }}
          path={`/tontines/${code}/changes/swap`}
          submit={t("submit")}
        />
      </div>
    </>
  );
}

async function Choose({
  choices,
  typed,
  isWrong = false,
}: {
  choices: ChangeChoices;
  typed: Typed;
  isWrong?: boolean;
}) {
  const [locale, t, fields] = await Promise.all([
    getLocale(),
    getTranslations("tontineChanges.swap"),
    getTranslations("fields"),
  ]);
  const { code, mine, others, currency, zone } = choices;
  const labels = async (places: readonly PlaceChoice[]) =>
    await Promise.all(
      places.map(async ({ holderId, name, turn }) => ({
        value: holderId,
        label: t("place", {
          name: isolate(name),
          number: turn.number,
          when: await formatDue(turn.dueAt, locale, zone),
        }),
      })),
    );
  return (
    <form method="get" action={localizedPath(locale, `/tontines/${code}/changes/swap`)} className="mt-3">
      {mine.length > 1 && (
        <SelectField
          id="mine"
          label={t("mine")}
          options={await labels(mine)}
          input={{ name: "mine", defaultValue: typed.mine?.holderId }}
        />
      )}
      <SelectField
        id="with"
        label={t("with")}
        options={[{ value: "", label: t("choose") }, ...(await labels(others))]}
        input={{
          name: "with",
          defaultValue: typed.other?.holderId ?? "",
          error: isWrong && !typed.other ? fields("required") : undefined,
        }}
      />
      <AmountField
        {...(await unitOf(currency))}
        id="sum"
        name="sum"
        label={t("sum")}
        hint={t("sumHint")}
        defaultValue={typed.sumText}
        error={typed.sum === null ? t("sumWrong") : undefined}
      />
      <Button wide variant={typed.mine && typed.other && typed.sum ? "secondary" : "primary"}>
        {t("review")}
      </Button>
    </form>
  );
}
