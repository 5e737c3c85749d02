import { formatDate, formatDateTime } from "@/lib/i18n/format-date";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney } from "@/lib/money/format-money";
import type { DetailRow } from "@/lib/pdf/document";
import type { MinutesView } from "@/lib/services/tontines/views/get-minutes";
import type { PayoutView } from "@/lib/services/tontines/views/payout-view";
import { isolate } from "@/lib/ui/bidi-text";
import { wordsOf } from "./group-document";

/** What minutes say in words: the same on their page and in their files. */
export async function minutesWords(minutes: MinutesView, locale: Locale) {
  const t = await wordsOf(locale);
  const { turn, turnCount, zone, paid, expected, from, to } = minutes;
  const summary: DetailRow[] = [
    {
      label: t("tontineBooks.minutes.turn"),
      value: t("tontineBooks.minutes.turnOf", { number: turn.number, count: turnCount }),
    },
    {
      label: t("tontineBooks.turn.receivers"),
      value: turn.receivers.map(({ name }) => isolate(name)).join(", "),
      strong: true,
    },
    { label: t("tontineFiles.columns.dueAt"), value: formatDateTime(turn.dueAt, locale, zone) },
    { label: t("tontineBooks.turn.state"), value: t(`tontineBooks.turn.states.${turn.state}`) },
    {
      label: t("tontineBooks.minutes.paid"),
      value: t("tontineBooks.minutes.paidOf", {
        paid: formatMoney(paid, locale),
        expected: formatMoney(expected, locale),
      }),
    },
    {
      label: t("tontineBooks.minutes.period"),
      value:
        to === null
          ? t("tontineBooks.minutes.since", { from: formatDate(from, locale, zone) })
          : t("tontineBooks.minutes.fromTo", {
              from: formatDate(from, locale, zone),
              to: formatDate(to, locale, zone),
            }),
    },
  ];
  return {
    t,
    summary,
    /** `remis le 4 décembre 2026 · approuvé par Awa T. et Koffi A.` */
    payout({ state, postedAt, reason, approvals }: PayoutView, named: (name: string) => string): string {
      const words = (key: "approvedBy" | "reason" | "postedOn", values: Record<string, string>) =>
        t(`tontineBooks.minutes.${key}`, values);
      return [
        state === "posted" && postedAt
          ? words("postedOn", { day: formatDate(postedAt, locale, zone) })
          : t(`tontineBooks.payout.states.${state}`),
        reason === null ? "" : words("reason", { reason: named(reason) }),
        approvals.length === 0
          ? ""
          : words("approvedBy", { names: approvals.map(({ name }) => named(name)).join(", ") }),
      ]
        .filter((part) => part !== "")
        .join(" · ");
    },
  };
}
