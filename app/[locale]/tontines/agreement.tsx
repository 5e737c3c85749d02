import { getLocale, getTranslations } from "next-intl/server";
import { formatDayOfMonth } from "@/lib/i18n/format-date";
import { formatMoney } from "@/lib/money/format-money";
import type { AgreementView, Offer } from "@/lib/services/tontines/views/get-agreement";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { RulesText } from "./rules-text";
import { sharesWord } from "./shares-word";
import { TurnStrip } from "./turn-strip";

/** What somebody sees before signing: their turn and what they pay and get, the rules, the people, who pays when somebody doesn't. */
export async function Agreement({ agreement }: { agreement: AgreementView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.agreement")]);
  return (
    <>
      {agreement.offers.map((offer) => (
        <OfferRows key={offer.halves} offer={offer} agreement={agreement} />
      ))}
      <Section heading={t("rules")}>
        <div className="mt-3">
          <RulesText text={agreement.rules[locale]} />
        </div>
      </Section>
      <Waterfall agreement={agreement} />
      <Section heading={t("people")}>
        <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
          {agreement.people.map(({ id, name, hasSigned }) => (
            <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
              <bdi className="min-w-0 font-semibold">{name}</bdi>
              <span className="text-sm text-muted">{t(hasSigned ? "hasSigned" : "hasNotSigned")}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section heading={t("turns")}>
        <TurnStrip turns={agreement.turns} current={null} zone={agreement.zone} />
      </Section>
    </>
  );
}

async function OfferRows({ offer, agreement }: { offer: Offer; agreement: AgreementView }) {
  const [locale, t, all] = await Promise.all([
    getLocale(),
    getTranslations("tontines.agreement"),
    getTranslations("tontines"),
  ]);
  const { turns, perTurn, once, total, gets, halves, monthly } = offer;
  const { others } = agreement;
  const rows: ReceiptRow[] = [
    {
      label: t("myTurn"),
      value:
        turns.length === 0
          ? t("noTurn")
          : turns
              .map((turn) =>
                t("turnOn", {
                  number: turn.number,
                  day: formatDayOfMonth(turn.dueAt, locale, agreement.zone),
                }),
              )
              .join(" · "),
      strong: true,
    },
    { label: t("perTurn"), value: formatMoney(perTurn, locale) },
    ...(once.amountMinor > 0n ? [{ label: t("once"), value: formatMoney(once, locale) }] : []),
    { label: t("total", { count: agreement.turns.length }), value: formatMoney(total, locale) },
    { label: t("gets"), value: formatMoney(gets, locale), strong: true },
    ...(others.count > 0
      ? [
          {
            label: t("others", { count: others.count }),
            value: t("perMonth", { amount: formatMoney(others.amount, locale) }),
          },
        ]
      : []),
    {
      label: t(others.count > 0 ? "allTogether" : "monthly"),
      value: t("perMonth", { amount: formatMoney(monthly, locale) }),
    },
  ];
  return (
    <Section heading={sharesWord(all, halves)}>
      <div className="mt-3">
        <ReceiptRows rows={rows} />
      </div>
    </Section>
  );
}

/** Who pays for a member who doesn't, in the order of the rules. */
async function Waterfall({ agreement }: { agreement: AgreementView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.agreement.waterfall")]);
  const { people, waterfall, turns, contribution } = agreement;
  const receiver = turns[0]?.receivers[0];
  const debtor = people.find(({ id }) => id !== receiver?.memberId);
  const amount = formatMoney(contribution, locale);
  const steps = [
    ...(waterfall.deposit.amountMinor > 0n
      ? [t("deposit", { amount: formatMoney(waterfall.deposit, locale) })]
      : []),
    t("guarantor"),
    ...(waterfall.solidarityCovers ? [t("solidarity")] : []),
    receiver ? t("short", { name: receiver.name, amount }) : t("shortPot", { amount }),
  ];
  return (
    <Section heading={debtor ? t("heading", { name: debtor.name }) : t("headingSomebody")}>
      <ol className="mt-3 list-decimal space-y-1.5 rounded-card border border-line bg-card py-4 pr-5 pl-10">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p className="mt-2 text-sm text-muted">{t("debt")}</p>
    </Section>
  );
}
