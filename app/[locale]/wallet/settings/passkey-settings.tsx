import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { listPasskeys } from "@/lib/services/identity/passkeys/list-passkeys";
import { ButtonLink } from "@/lib/ui/button";

/** How many passkeys there are, and a way to them. */
export async function PasskeySettings() {
  const [locale, t, passkeys] = await Promise.all([
    getLocale(),
    getTranslations("passkeys"),
    listPasskeys(await currentContext()),
  ]);
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{t("count", { count: passkeys.length })}</p>
      <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/settings/passkeys")}>
        {t("manage")}
      </ButtonLink>
    </>
  );
}
