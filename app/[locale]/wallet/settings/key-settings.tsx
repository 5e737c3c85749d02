import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { movesMoneyOut } from "@/lib/services/api-access/keys/confirm-money-key";
import type { ApiKeyView } from "@/lib/services/api-access/keys/view";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";

/** The way to the API keys, and whether one of them can take money out: its owner may not know. */
export async function KeySettings({ keys }: { keys: readonly ApiKeyView[] }) {
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("settings"), viewerTimeZone()]);
  const [newest, ...others] = keys.filter((key) => key.isActive && movesMoneyOut(key.permissions));
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{t("keysText")}</p>
      {newest && (
        <Notice tone="waiting">
          {t("keysMoveMoney", {
            count: others.length + 1,
            name: newest.name,
            time: formatDateTime(newest.createdAt, locale, zone),
          })}
        </Notice>
      )}
      <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/keys")}>
        {t("keysOpen")}
      </ButtonLink>
    </>
  );
}
