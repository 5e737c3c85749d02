import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { DEFAULT_PERIOD, isPeriod } from "@/lib/services/balance-history/periods";
import { getVault, type VaultDetails } from "@/lib/services/vaults/get-vault";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { Card } from "@/lib/ui/card";
import { Columns } from "@/lib/ui/columns";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { amountOfQuery } from "../../form-query";
import { DoneNotice } from "../vault-done";
import { VaultProgress } from "../vault-progress";
import { PutForm, TakeForm } from "./money-forms";
import { VaultBalance } from "./vault-balance";
import { VaultHistory } from "./vault-history";
import { VaultSettings } from "./vault-settings";

interface VaultPageProps {
  params: Promise<{ vaultId: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("vault") };
}

/** One vault: balance, forms for money in and out, history, settings. */
export default safePage(async function VaultPage({ params, searchParams }: VaultPageProps) {
  const [{ vaultId }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const page = typeof query.cursor === "string" ? { cursor: query.cursor } : {};
  const vault = await nullIfNotFound(getVault(await currentContext(), { vaultId, ...page }));
  if (!vault) return missingPage();
  const [t, shell] = await Promise.all([getTranslations("vaults"), getTranslations("shell")]);
  return (
    <PageShell>
      <PageHeading
        title={<bdi>{vault.name}</bdi>}
        back={{ href: localizedPath(locale, "/wallet/vaults"), label: shell("back") }}
      />
      <Columns
        side={
          <>
            <VaultBalance vault={vault} period={isPeriod(query.period) ? query.period : DEFAULT_PERIOD} />
            <VaultHistory vault={vault} isFirstPage={query.cursor === undefined} />
            {!vault.isClosed && <VaultSettings vault={vault} />}
          </>
        }
      >
        <DoneNotice done={query.done} />
        {vault.isClosed ? (
          <Notice>{t("isClosed")}</Notice>
        ) : (
          <>
            <Card className="px-5 py-4">
              <p className="text-sm text-muted">{t("inside")}</p>
              <p className="text-3xl font-bold tracking-tight">{await shownBalance(vault.balance)}</p>
              <VaultProgress vault={vault} />
            </Card>
            <MoneyForms vault={vault} amount={amountOfQuery(query)} />
          </>
        )}
      </Columns>
    </PageShell>
  );
});

async function MoneyForms({ vault, amount }: { vault: VaultDetails; amount: string }) {
  const wallet = await getWallet(await currentContext());
  const mine = wallet.balances.find(({ currency }) => currency === vault.currency);
  const available = mine?.available ?? money(0n, vault.currency);
  return (
    <>
      <PutForm vault={vault} available={available} amount={amount} />
      {vault.balance.amountMinor > 0n && <TakeForm vault={vault} />}
    </>
  );
}
