import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { getTotpStatus } from "@/lib/services/identity/totp/get-totp-status";
import { ButtonLink } from "@/lib/ui/button";

/** Whether signing in takes a second step, and a way to switch it; nothing for an account without a password. */
export async function TotpSettings() {
  const status = await getTotpStatus(await currentContext());
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("totp"), viewerTimeZone()]);
  if (status.state === "off" && !status.isAvailable)
    return <p className="mt-1 text-muted">{t("noPassword")}</p>;
  const text =
    status.state === "on"
      ? t("isOn", { time: formatDateTime(status.since, locale, zone), count: status.recoveryCodesLeft })
      : t("isOff");
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{text}</p>
      <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/settings/totp")}>
        {t("manage")}
      </ButtonLink>
    </>
  );
}
