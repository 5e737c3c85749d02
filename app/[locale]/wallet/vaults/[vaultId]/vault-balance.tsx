import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { Period } from "@/lib/services/balance-history/periods";
import type { VaultDetails } from "@/lib/services/vaults/get-vault";
import { getVaultBalanceHistory } from "@/lib/services/vaults/get-vault-balance-history";
import { Section } from "@/lib/ui/section";
import { BalanceOverTime } from "../../balance-over-time";
import { PeriodChoice } from "../../period-choice";

/** What was in the vault over time; nothing for one that never had anything, nor while balances are hidden. */
export async function VaultBalance({ vault, period }: { vault: VaultDetails; period: Period }) {
  if (vault.postings.length === 0 || (await isBalanceHidden())) return null;
  const [t, locale, zone, context] = await Promise.all([
    getTranslations("balanceHistory"),
    getLocale(),
    viewerTimeZone(),
    currentContext(),
  ]);
  const history = await getVaultBalanceHistory(context, { vaultId: vault.id.toString(), period, zone });
  return (
    <Section heading={t("heading")}>
      <div className="mt-3">
        <PeriodChoice current={period} path={localizedPath(locale, `/wallet/vaults/${vault.id}`)} />
        <BalanceOverTime history={history} title={t("vaultTitle", { period: t(`period.${period}`) })} />
      </div>
    </Section>
  );
}
