import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import type { Money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { listVaults, type VaultList } from "@/lib/services/vaults/list-vaults";
import type { VaultView } from "@/lib/services/vaults/view";
import { ButtonLink } from "@/lib/ui/button";
import { Card } from "@/lib/ui/card";
import { Columns } from "@/lib/ui/columns";
import { EmptyState } from "@/lib/ui/empty-state";
import { GoodToKnow } from "@/lib/ui/good-to-know";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../safe-page";
import { DoneNotice } from "./vault-done";
import { VaultProgress } from "./vault-progress";

interface VaultsPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("vaults") };
}

/** The open vaults, and the total in them. */
export default safePage(async function VaultsPage({ searchParams }: VaultsPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, shell, list, { done }] = await Promise.all([
    getTranslations("vaults"),
    getTranslations("shell"),
    listVaults(await currentContext()),
    searchParams,
  ]);
  const newPath = localizedPath(locale, "/wallet/vaults/new");
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <Columns side={<VaultFacts />}>
        <DoneNotice done={done} />
        {list.vaults.length === 0 ? (
          <EmptyState
            icon="vault"
            title={t("empty")}
            text={t("emptyText")}
            action={{ href: newPath, label: t("open") }}
          />
        ) : (
          <Vaults list={list} locale={locale} newPath={newPath} />
        )}
      </Columns>
    </PageShell>
  );
});

async function VaultFacts() {
  const [locale, tips] = await Promise.all([getLocale(), getTranslations("tips")]);
  return (
    <GoodToKnow
      heading={tips("heading")}
      facts={[
        { icon: "vault", text: tips("vaultLock") },
        { icon: "info", text: tips("vaultFree") },
      ]}
      more={{ href: localizedPath(locale, "/fees"), label: tips("more") }}
    />
  );
}

async function Vaults({ list, locale, newPath }: { list: VaultList; locale: Locale; newPath: string }) {
  const t = await getTranslations("vaults");
  return (
    <>
      <Card className="px-5 py-4">
        <p className="text-sm text-muted">{t("total")}</p>
        {list.totals.map((total) => (
          <p key={total.currency} className="text-3xl font-bold tracking-tight">
            <Balance amount={total} />
          </p>
        ))}
      </Card>
      <ul
        aria-label={t("list")}
        className="mt-3 divide-y divide-line overflow-hidden rounded-card border border-line bg-card"
      >
        {list.vaults.map((vault) => (
          <li key={vault.id}>
            <VaultRow vault={vault} locale={locale} />
          </li>
        ))}
      </ul>
      <div className="mt-5">
        {list.isFull ? (
          <Notice>{t("full", { count: list.vaults.length })}</Notice>
        ) : (
          <ButtonLink wide href={newPath}>
            {t("open")}
          </ButtonLink>
        )}
      </div>
    </>
  );
}

function VaultRow({ vault, locale }: { vault: VaultView; locale: Locale }) {
  return (
    <a
      href={localizedPath(locale, `/wallet/vaults/${vault.id}`)}
      className="block px-5 py-4 -outline-offset-4 hover:bg-tint/50"
    >
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <bdi className="min-w-0 font-semibold">{vault.name}</bdi>
        <span className="ml-auto min-w-0 font-semibold">
          <Balance amount={vault.balance} />
        </span>
      </span>
      <VaultProgress vault={vault} />
    </a>
  );
}

async function Balance({ amount }: { amount: Money }) {
  return <>{await shownBalance(amount)}</>;
}
