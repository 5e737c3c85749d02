import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate, formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getRules, type RulesView } from "@/lib/services/tontines/views/get-rules";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";

interface RulesPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineRules") };
}

/** The rules in force, as they are signed, and who signed them. */
export default safePage(async function RulesPage({ params }: RulesPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const rules = await nullIfNotFound(getRules(await currentContext(), code));
  if (!rules) return missingPage();
  const t = await getTranslations("tontineBooks.rules");
  const day = formatDate(rules.madeAt, locale, rules.zone);
  return (
    <TontinePage
      tontine={rules}
      width="text"
      title={t("heading")}
      lead={t("lead", { version: rules.version, day })}
    >
      <ol className="list-decimal space-y-2.5 rounded-card border border-line bg-card py-4 pr-5 pl-10">
        {rules.text[locale].map((sentence) => (
          <li key={sentence} className="wrap-anywhere">
            {sentence}
          </li>
        ))}
      </ol>
      <Section heading={t("signatures", { count: rules.signatures.length })}>
        <Signatures rules={rules} />
      </Section>
      <p className="mt-5 text-sm text-muted wrap-anywhere">
        {t("hash")} <code>{rules.hash}</code>
      </p>
      {rules.unsigned.length === 0 && rules.versions.length > 1 && (
        <p className="mt-2 text-sm text-muted">{t("older", { count: rules.versions.length - 1 })}</p>
      )}
      <p className="mt-3">
        <a
          href={localizedPath(locale, `/tontines/${rules.code}/members`)}
          className="inline-flex min-h-11 items-center underline underline-offset-4"
        >
          {t("toMembers")}
        </a>
      </p>
    </TontinePage>
  );
});

async function Signatures({ rules }: { rules: RulesView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.rules")]);
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {rules.signatures.map(({ memberId, name, at, isByOfficer }) => (
        <li key={memberId} className="flex flex-wrap justify-between gap-x-4 py-3">
          <bdi className="min-w-0 font-semibold">{name}</bdi>
          <span className="text-sm text-muted">
            {formatDateTime(at, locale, rules.zone)}
            {isByOfficer && ` · ${t("byOfficer")}`}
          </span>
        </li>
      ))}
      {rules.unsigned.map((name) => (
        <li key={name} className="flex flex-wrap justify-between gap-x-4 py-3">
          <bdi className="min-w-0 font-semibold">{name}</bdi>
          <span className="text-sm text-waiting">{t("unsigned")}</span>
        </li>
      ))}
    </ul>
  );
}
