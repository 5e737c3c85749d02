import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { formatMoney } from "@/lib/money/format-money";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { VaultView } from "@/lib/services/vaults/view";
import { Icon } from "@/lib/ui/icons";
import { ProgressBar } from "@/lib/ui/progress-bar";

/** A vault's progress towards its goal and its lock date, where it has them. */
export async function VaultProgress({ vault }: { vault: VaultView }) {
  const [locale, t, zone, isHidden] = await Promise.all([
    getLocale(),
    getTranslations("vaults"),
    viewerTimeZone(),
    isBalanceHidden(),
  ]);
  const { goal, progressPercent: percent, isLocked, lockedUntil } = vault;
  const amount = goal ? formatMoney(goal, locale) : "";
  return (
    <>
      {percent !== null && !isHidden && (
        <ProgressBar
          className="mt-2"
          percent={percent}
          text={percent >= 100 ? t("reached", { amount }) : t("progress", { count: percent, amount })}
        />
      )}
      {isLocked && lockedUntil && (
        <p className="mt-2 flex gap-1.5 text-sm font-semibold text-waiting">
          <Icon name="vault" className="mt-0.5 size-4" />
          {t("lockedUntil", { time: formatDate(lockedUntil, locale, zone) })}
        </p>
      )}
    </>
  );
}
