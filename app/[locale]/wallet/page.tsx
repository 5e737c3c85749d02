import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatAmount, formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { keepOldCopy } from "@/lib/next/old-copies";
import { requireUserOrRedirect } from "@/lib/next/session";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import { listOperations } from "@/lib/services/operations/list-operations";
import type { OperationView } from "@/lib/services/operations/view";
import { findNextDue } from "@/lib/services/tontines/views/list-summaries";
import { getWallet, type WalletBalances } from "@/lib/services/wallets/get-wallet";
import { listShownBalances } from "@/lib/services/wallets/list-shown-balances";
import { getWalletProgress } from "@/lib/services/wallets/wallet-progress";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ActionRow } from "@/lib/ui/action-row";
import { BalanceCard, balanceToggleClass } from "@/lib/ui/balance-card";
import { EmptyState } from "@/lib/ui/empty-state";
import { Icon } from "@/lib/ui/icons";
import { Notice } from "@/lib/ui/notice";
import { OperationList } from "@/lib/ui/operation-list";
import { PageShell } from "@/lib/ui/page-shell";
import { SecondBalance } from "@/lib/ui/second-balance";
import { Section } from "@/lib/ui/section";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { safePage } from "../safe-page";
import { NextContribution } from "../tontines/next-contribution";
import { toggleBalance } from "./actions";
import { BalanceLink } from "./balance-link";
import { LiveStatus } from "./live-status.client";
import { presentOperations } from "./present-operation";

const LATEST = 6;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("overview") };
}

/** The overview: balance, actions, latest operations. */
export default safePage(async function OverviewPage() {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  keepOldCopy();
  // Before what the page shows: a change in between is one that the page is told of.
  const progress = await getWalletProgress(context);
  const [t, wallet, latest, due] = await Promise.all([
    getTranslations("overview"),
    getWallet(context),
    listOperations(context, { limit: LATEST }),
    findNextDue(context),
  ]);
  const path = (to: string) => localizedPath(locale, to);
  const [francs, ...others] = await listShownBalances(context, wallet);
  return (
    <PageShell>
      <h1 className="sr-only">{t("heading")}</h1>
      <div className="lg:grid lg:grid-cols-2 lg:grid-rows-[auto_1fr] lg:items-start lg:gap-x-8 xl:grid-cols-[25rem_minmax(0,1fr)]">
        <div>
          {francs && <Balance balances={francs} others={others} locale={locale} />}
          <ActionRow
            label={t("actions")}
            actions={[
              { href: path("/wallet/topup"), label: t("topup"), icon: "top-up", primary: true },
              { href: path("/wallet/transfer"), label: t("send"), icon: "send" },
              { href: path("/wallet/withdraw"), label: t("withdraw"), icon: "withdraw" },
              { href: path("/wallet/vaults"), label: t("vaults"), icon: "vault" },
            ]}
          />
          <ReceiveLink href={path("/wallet/receive")} walletNumber={wallet.number} />
          {due && <NextContribution due={due} />}
          <p className="mt-1 text-center">
            <a
              href={path("/wallet/money")}
              className="inline-flex min-h-11 items-center text-sm text-muted underline underline-offset-4"
            >
              {t("everything")}
            </a>
          </p>
        </div>
        <Section
          className="mt-7 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:mt-0"
          heading={t("operations")}
          {...(latest.operations.length > 0 && {
            action: { href: path("/wallet/transactions"), label: t("seeAll") },
          })}
        >
          <Latest operations={latest.operations} now={context.now} topupPath={path("/wallet/topup")} />
        </Section>
        <BalanceLink />
      </div>
      <LiveStatus eventsPath={`/wallet/events/overview?since=${progress}`} />
    </PageShell>
  );
});

/** Below the verbs: receiving needs no form, only the number and its code. */
async function ReceiveLink({ href, walletNumber }: { href: string; walletNumber: string }) {
  const t = await getTranslations("overview");
  return (
    <a
      href={href}
      className="mt-2.5 flex items-center gap-3 rounded-card border border-line bg-card px-4 py-3 hover:bg-tint"
    >
      <Icon name="receive" className="size-6" />
      <span className="min-w-0 wrap-anywhere">
        <span className="block font-semibold">{t("receive")}</span>
        <span className="block text-sm text-muted">
          {t("receiveText", { number: groupWalletNumber(walletNumber) })}
        </span>
      </span>
    </a>
  );
}

interface BalanceProps {
  balances: WalletBalances;
  /** The balances in other currencies. */
  others: readonly WalletBalances[];
  locale: Locale;
}

async function Balance({ balances, others, locale }: BalanceProps) {
  const t = await getTranslations("overview");
  const isHidden = await isBalanceHidden();
  const detailsOf = ({ held, vaults }: WalletBalances) => [
    { label: t("reserved"), value: formatMoney(held, locale) },
    { label: t("inVault"), value: formatMoney(vaults, locale) },
  ];
  const debts = isHidden ? [] : [balances, ...others].filter(({ owed }) => owed.amountMinor > 0n);
  return (
    <>
      {debts.map(({ currency, owed }) => (
        <Notice key={currency} tone="waiting">
          {t("owed", { amount: formatMoney(owed, locale) })}
        </Notice>
      ))}
      <BalanceCard
        label={t("available")}
        amount={isHidden ? null : formatAmount(balances.available, locale)}
        hiddenLabel={t("hidden")}
        details={detailsOf(balances)}
        toggle={<BalanceToggle isHidden={isHidden} />}
      />
      {others.map((other) => (
        <SecondBalance
          key={other.currency}
          label={t(`availableIn.${other.currency}`)}
          amount={isHidden ? null : formatMoney(other.available, locale)}
          hiddenLabel={t("hidden")}
          details={detailsOf(other)}
        />
      ))}
    </>
  );
}

async function BalanceToggle({ isHidden }: { isHidden: boolean }) {
  const t = await getTranslations("overview");
  return (
    <ActionForm name="toggle-balance" action={toggleBalance} hidden={{ show: isHidden ? "yes" : "no" }}>
      <button type="submit" aria-label={t(isHidden ? "showLong" : "hideLong")} className={balanceToggleClass}>
        <Icon name={isHidden ? "eye" : "eye-off"} className="size-4" />
        {t(isHidden ? "show" : "hide")}
      </button>
    </ActionForm>
  );
}

async function Latest(props: { operations: OperationView[]; now: Date; topupPath: string }) {
  const t = await getTranslations("overview");
  if (props.operations.length > 0) {
    return <OperationList days={await presentOperations(props.operations, props.now)} />;
  }
  return (
    <EmptyState
      title={t("empty")}
      text={t("emptyText")}
      action={{ href: props.topupPath, label: t("topup") }}
    />
  );
}
