import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { addDays, dayOf } from "@/lib/day-range";
import { localizedPath } from "@/lib/i18n/href";
import type { Currency } from "@/lib/money/currency";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import type { FormField } from "@/lib/ui/typed-field";
import { safePage } from "../../safe-page";
import { unitOf } from "../../wallet/amount-field-props";
import { CurrencyChoice } from "../../wallet/currency-choice";
import { currencyOfQuery } from "../../wallet/form-query";
import { formWords } from "../../wallet/vaults/field-words";
import { reviewTontine } from "../actions";
import { typedInQuery } from "./new-tontine-query";

interface NewTontinePageProps {
  searchParams: Promise<Query>;
}

const NAME_LENGTH_MAX = 60;
/** The first due day that is proposed is so many days ahead: people join and sign before it. */
const FIRST_DAY_IN = 14;
const FIRST_DAY_MAX_IN = 730;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineNew") };
}

/** The form of a new tontine. Sensible rules stand in it already; the next page shows them as text. */
export default safePage(async function NewTontinePage({ searchParams }: NewTontinePageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const query = await searchParams;
  const [t, shell] = await Promise.all([getTranslations("tontines.new"), getTranslations("shell")]);
  const currency = currencyOfQuery(query);
  const typed = typedInQuery(query);
  const zone = await viewerTimeZone();
  const today = dayOf(context.now, zone);
  const filled = (fields: FormField[]) =>
    fields.map((field) => {
      const value = typed[field.name as keyof typeof typed] ?? field.value;
      return value === undefined ? field : { ...field, value };
    });
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/tontines"), label: shell("back") }}
      />
      <CurrencyChoice
        currencies={await listOfferedCurrencies(context)}
        current={currency}
        path={localizedPath(locale, "/tontines/new")}
      />
      <FieldsForm
        id="tontine"
        name="review-tontine"
        action={reviewTontine}
        hidden={{ currency }}
        fields={filled(await mainFields(currency, today))}
        folded={{ summary: t("more"), fields: filled(await ruleFields(currency, zone)) }}
        words={await formWords(t("submit"))}
      />
    </PageShell>
  );
});

const ORDERS = ["fixed", "draw"] as const;
const CALENDARS = ["monthly", "weekly", "two_weekly", "dates"] as const;

async function mainFields(currency: Currency, today: string): Promise<FormField[]> {
  const t = await getTranslations("tontines.new");
  return [
    { name: "name", label: t("name"), hint: t("nameHint"), maxLength: NAME_LENGTH_MAX },
    {
      name: "contribution",
      label: t("contribution"),
      hint: t("contributionHint"),
      amountOf: await unitOf(currency),
    },
    { name: "shares", label: t("shares"), hint: t("sharesHint"), digits: true, value: "12", maxLength: 3 },
    {
      name: "calendar",
      label: t("calendar"),
      options: CALENDARS.map((value) => ({ value, label: t(`calendars.${value}`) })),
      value: "monthly",
    },
    {
      name: "firstDay",
      label: t("firstDay"),
      hint: t("firstDayHint"),
      dayBetween: { first: today, last: addDays(today, FIRST_DAY_MAX_IN) },
      value: addDays(today, FIRST_DAY_IN),
    },
    {
      name: "order",
      label: t("order"),
      options: ORDERS.map((value) => ({ value, label: t(`orders.${value}`) })),
      value: "fixed",
    },
    { name: "ownShares", label: t("ownShares"), hint: t("ownSharesHint"), value: "1", maxLength: 5 },
  ];
}

const ZONES = ["Africa/Abidjan", "Africa/Lagos"] as const;

/** What stays as it is for most groups. */
async function ruleFields(currency: Currency, zone: string): Promise<FormField[]> {
  const [t, form] = await Promise.all([getTranslations("tontines.new"), getTranslations("form")]);
  const amountOf = await unitOf(currency);
  const optional = form("optional");
  const digits = { digits: true, optional, maxLength: 3 } as const;
  return [
    { name: "fineBefore", label: t("fineBefore"), hint: t("fineBeforeHint"), amountOf, optional },
    { name: "fineAfter", label: t("fineAfter"), hint: t("fineAfterHint"), amountOf, optional },
    { name: "fineCap", label: t("fineCap"), hint: t("fineCapHint"), amountOf, optional },
    { name: "solidarity", label: t("solidarity"), hint: t("solidarityHint"), amountOf, optional },
    { name: "deposit", label: t("deposit"), hint: t("depositHint"), amountOf, optional },
    { name: "entryFee", label: t("entryFee"), hint: t("entryFeeHint"), amountOf, optional },
    {
      name: "partsAllowed",
      label: t("partsAllowed"),
      options: [
        { value: "", label: t("no") },
        { value: "on", label: t("yes") },
      ],
      value: "",
    },
    {
      name: "closesAfterDays",
      label: t("closesAfterDays"),
      hint: t("closesAfterDaysHint"),
      value: "4",
      ...digits,
    },
    {
      name: "extensionDays",
      label: t("extensionDays"),
      hint: t("extensionDaysHint"),
      value: "0",
      ...digits,
    },
    {
      name: "retentionOneIn",
      label: t("retentionOneIn"),
      hint: t("retentionOneInHint"),
      value: "3",
      ...digits,
    },
    { name: "time", label: t("time"), hint: t("timeHint"), value: "18:00", maxLength: 5 },
    {
      name: "zone",
      label: t("zone"),
      options: ZONES.map((value) => ({
        value,
        label: t(`zones.${value === "Africa/Abidjan" ? "gmt" : "gmt1"}`),
      })),
      value: zone,
    },
    { name: "dayOfMonth", label: t("dayOfMonth"), hint: t("dayOfMonthHint"), ...digits },
    { name: "dates", label: t("dates"), hint: t("datesHint"), optional, maxLength: 2_000 },
    { name: "sharesPerTurn", label: t("sharesPerTurn"), hint: t("sharesPerTurnHint"), value: "1", ...digits },
  ];
}
