import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { AuditView } from "@/lib/services/tontines/views/get-audit";

/** The seal of the ledger that covers all of a group's movements, and how to check it. */
export async function LastSeal({ seal: { entryId, seal }, zone }: Pick<AuditView, "seal" | "zone">) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.audit")]);
  if (!seal) return <p className="mt-2 text-muted">{t(entryId === null ? "nothingToSeal" : "unsealed")}</p>;
  return (
    <div className="mt-3 rounded-card border border-line bg-card px-5 py-4">
      <p>
        {t("sealed", { number: seal.number.toString(), time: formatDateTime(seal.sealedAt, locale, zone) })}
      </p>
      <p className="mt-2 text-sm text-muted">
        {t("root")} <code className="wrap-anywhere">{seal.root}</code>
      </p>
      <a
        href={localizedPath(locale, "/help#seal")}
        className="inline-flex min-h-11 items-center underline underline-offset-4"
      >
        {t("howToCheck")}
      </a>
    </div>
  );
}
