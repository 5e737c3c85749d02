import { getLocale, getTranslations } from "next-intl/server";
import { formatDate, formatMonth, formatShortDay } from "@/lib/i18n/format-date";
import type { Locale } from "@/lib/i18n/routing";
import { compare } from "@/lib/money/arithmetic";
import { formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import type { Period } from "@/lib/services/balance-history/periods";
import type { BalanceHistory, BalancePoint } from "@/lib/services/balance-history/read-balance-history";
import { BalanceChart } from "@/lib/ui/balance-chart";
import { Card } from "@/lib/ui/card";
import { Disclosure } from "@/lib/ui/disclosure";

interface BalanceOverTimeProps {
  history: BalanceHistory;
  /** What the picture shows: "Solde disponible, 30 jours". */
  title: string;
}

/** The balance of a wallet or a vault as a picture, in words, and as a table. Only for somebody whose balance isn't hidden. */
export async function BalanceOverTime({ history, title }: BalanceOverTimeProps) {
  const [t, locale] = await Promise.all([getTranslations("balanceHistory"), getLocale()]);
  const { points, period } = history;
  const [first] = points;
  const last = points.at(-1) ?? first;
  const { currency } = first.balance;
  const [lowest, highest] = extremesOf(points);
  const text = t("text", {
    first: formatMoney(first.balance, locale),
    from: formatDay(first.day, locale),
    last: formatMoney(last.balance, locale),
    lowest: formatMoney(lowest, locale),
    highest: formatMoney(highest, locale),
  });
  return (
    <Card className="print:break-inside-avoid">
      <div className="p-4">
        <BalanceChart
          id="balance-chart"
          title={title}
          description={text}
          points={points.map(({ balance }) => balance) as [Money, ...Money[]]}
          formatTick={(amountMinor) => formatMoney(money(amountMinor, currency), locale)}
          ends={[shortDay(first.day, period, locale), t("now")]}
        />
        <p className="mt-3 text-sm">{text}</p>
      </div>
      <div className="border-t border-line">
        <Disclosure summary={t("figures")}>
          <Figures points={points} locale={locale} caption={title} />
        </Disclosure>
      </div>
    </Card>
  );
}

/** The days on which the balance changed, newest first, between the first and the last one. */
async function Figures({
  points,
  locale,
  caption,
}: {
  points: readonly BalancePoint[];
  locale: Locale;
  caption: string;
}) {
  const t = await getTranslations("balanceHistory");
  const changes = points.filter(
    ({ balance }, index) =>
      index === points.length - 1 || points[index - 1]?.balance.amountMinor !== balance.amountMinor,
  );
  return (
    <>
      <p className="mb-2 text-sm text-muted">{t("figuresNote")}</p>
      <table className="w-full">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-left text-sm text-muted">
          <tr>
            <th scope="col" className="py-1.5 font-normal">
              {t("endOf")}
            </th>
            <th scope="col" className="py-1.5 text-right font-normal">
              {t("balance")}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {changes.toReversed().map(({ day, balance }, index) => (
            <tr key={day}>
              <th scope="row" className="py-1.5 pr-3 text-left font-normal wrap-anywhere">
                {index === 0 ? t("now") : formatDay(day, locale)}
              </th>
              <td className="py-1.5 text-right font-semibold whitespace-nowrap">
                {formatMoney(balance, locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function extremesOf([first, ...others]: BalanceHistory["points"]): [lowest: Money, highest: Money] {
  const extreme = (sign: -1 | 1): Money =>
    others.reduce(
      (found, { balance }) => (compare(balance, found) === sign ? balance : found),
      first.balance,
    );
  return [extreme(-1), extreme(1)];
}

/** A day is the same everywhere: it is written as the one that begins at 00:00 UTC. */
const formatDay = (day: string, locale: Locale) =>
  formatDate(new Date(`${day}T00:00:00Z`), locale, "Africa/Abidjan");

const shortDay = (day: string, period: Period, locale: Locale) =>
  period === "1y" ? formatMonth(day.slice(0, 7), locale) : formatShortDay(day, locale);
