import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getAudit } from "@/lib/services/tontines/views/get-audit";
import { Icon } from "@/lib/ui/icons";
import { Notice } from "@/lib/ui/notice";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";

interface AuditPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineAudit") };
}

/** What the group may rely on, each point checked on the books just now. */
export default safePage(async function AuditPage({ params }: AuditPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const audit = await nullIfNotFound(getAudit(await currentContext(), code));
  if (!audit) return missingPage();
  const t = await getTranslations("tontineBooks.audit");
  return (
    <TontinePage
      tontine={audit}
      width="text"
      title={t("heading")}
      lead={t("lead", { time: formatDateTime(audit.at, locale, audit.zone) })}
    >
      <Notice tone={audit.isClean ? "good" : "bad"}>{t(audit.isClean ? "clean" : "broken")}</Notice>
      <ul className="divide-y divide-line rounded-card border border-line bg-card px-5">
        {audit.checks.map(({ promise, breaches }) => (
          <li key={promise} className="flex gap-3 py-3">
            <Icon
              name={breaches === 0 ? "check" : "warning"}
              className={breaches === 0 ? "mt-0.5 size-5 text-good" : "mt-0.5 size-5 text-bad"}
            />
            <p className="min-w-0">
              {t(`promises.${promise}`)}{" "}
              <span className="text-sm text-muted">
                {promise} · {breaches === 0 ? t("kept") : t("breaches", { count: breaches })}
              </span>
            </p>
          </li>
        ))}
      </ul>
      <p className="mt-3">
        <a
          href={localizedPath(locale, `/tontines/${audit.code}/cashbook`)}
          className="inline-flex min-h-11 items-center underline underline-offset-4"
        >
          {t("toCashbook")}
        </a>
      </p>
    </TontinePage>
  );
});
