import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { type AuditView, getAudit } from "@/lib/services/tontines/views/get-audit";
import { Icon } from "@/lib/ui/icons";
import { Notice } from "@/lib/ui/notice";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";
import { Approvals } from "./approvals";
import { auditFacts } from "./audit-facts";
import { LastSeal } from "./last-seal";

interface AuditPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineAudit") };
}

/** What the group may rely on, each point checked on the books just now and told in the group's own numbers. */
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
      <Checks audit={audit} />
      <Section heading={t("seal")}>
        <LastSeal seal={audit.seal} zone={audit.zone} />
      </Section>
      <Section heading={t("approvals")}>
        <Approvals audit={audit} />
      </Section>
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

async function Checks({ audit }: { audit: AuditView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.audit")]);
  const facts = auditFacts(audit, locale, t);
  return (
    <ul className="divide-y divide-line rounded-card border border-line bg-card px-5">
      {audit.checks.map(({ promise, breaches }) => {
        const isKept = breaches === 0n;
        return (
          <li key={promise} className="flex gap-3 py-3">
            <Icon
              name={isKept ? "check" : "warning"}
              className={isKept ? "mt-0.5 size-5 shrink-0 text-good" : "mt-0.5 size-5 shrink-0 text-bad"}
            />
            <div className="min-w-0">
              <p>{facts[promise]}</p>
              <p className="text-sm text-muted">
                {t(`promises.${promise}`)} {promise.startsWith("T") && `${promise} · `}
                {isKept ? t("kept") : t("breaches", { count: Number(breaches) })}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
