import { getLocale, getTranslations } from "next-intl/server";
import { formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { GroupAudit } from "@/lib/services/tontines/views/get-audit";
import { Icon } from "@/lib/ui/icons";

interface CheckedProps {
  code: string;
  audit: GroupAudit;
  zone: string;
}

/** `✓ Comptes vérifiés à 10:42 · sceau 1 204`: leads to the audit. */
export async function Checked({ code, audit, zone }: CheckedProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.checked")]);
  const { at, isClean, seal } = audit;
  return (
    <a
      href={localizedPath(locale, `/tontines/${code}/audit`)}
      className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 py-2 text-sm -outline-offset-2"
    >
      <span
        className={isClean ? "flex items-center gap-1.5 text-good" : "flex items-center gap-1.5 text-bad"}
      >
        <Icon name={isClean ? "check" : "warning"} className="size-4 shrink-0" />
        <span className="underline underline-offset-4">
          {t(isClean ? "clean" : "broken", { time: formatTime(at, locale, zone) })}
        </span>
      </span>
      <span className="text-muted">
        {seal.seal ? t("seal", { number: Number(seal.seal.number) }) : t("unsealed")}
      </span>
    </a>
  );
}
