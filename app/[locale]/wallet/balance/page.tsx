import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { DEFAULT_CURRENCY } from "@/lib/money/currency";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { DEFAULT_PERIOD, isPeriod } from "@/lib/services/balance-history/periods";
import { getBalanceHistory } from "@/lib/services/wallets/get-balance-history";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { listShownBalances } from "@/lib/services/wallets/list-shown-balances";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../safe-page";
import { BalanceOverTime } from "../balance-over-time";
import { CurrencyChoice } from "../currency-choice";
import { currencyOfQuery } from "../form-query";
import { PeriodChoice } from "../period-choice";
import { historyPath } from "../transactions/history-query";

interface BalancePageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("balance") };
}

/** The available balance over time, in one currency: a picture made on the server, and its figures. */
export default safePage(async function BalancePage({ searchParams }: BalancePageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [context, query, zone, t, shell] = await Promise.all([
    currentContext(),
    searchParams,
    viewerTimeZone(),
    getTranslations("balanceHistory"),
    getTranslations("shell"),
  ]);
  const shown = await listShownBalances(context, await getWallet(context));
  const currency = currencyOfQuery(query);
  const period = isPeriod(query.period) ? query.period : DEFAULT_PERIOD;
  const path = localizedPath(locale, "/wallet/balance");
  const history = localizedPath(locale, "/wallet/transactions");
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <div className="max-w-3xl">
        <CurrencyChoice
          currencies={shown.map((each) => each.currency)}
          current={currency}
          path={path}
          query={{ period }}
        />
        {(await isBalanceHidden()) ? (
          <Notice>{t("hidden")}</Notice>
        ) : (
          <>
            <PeriodChoice current={period} path={path} query={{ currency }} />
            <BalanceOverTime
              history={await getBalanceHistory(context, { currency, period, zone })}
              title={t(`titles.${currency}`, { period: t(`period.${period}`) })}
            />
          </>
        )}
        <div className="no-print mt-4 grid gap-2.5 sm:grid-cols-2">
          <ButtonLink
            variant="secondary"
            href={historyPath(history, currency === DEFAULT_CURRENCY ? {} : { currency })}
          >
            {t("history")}
          </ButtonLink>
          <ButtonLink
            variant="secondary"
            href={localizedPath(locale, `/wallet/statements?currency=${currency}`)}
          >
            {t("statements")}
          </ButtonLink>
        </div>
      </div>
    </PageShell>
  );
});
