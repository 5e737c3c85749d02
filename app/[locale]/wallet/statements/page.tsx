import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { dayOf, daysOfMonth, lastMonths } from "@/lib/day-range";
import { DomainError, type FieldIssue } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { listStatementFiles } from "@/lib/services/statements/files/get-file";
import { getStatement, type StatementSummary as Summary } from "@/lib/services/statements/get-statement";
import { MONTHS_LISTED } from "@/lib/services/statements/policy";
import type { StatementInput } from "@/lib/services/statements/schema";
import { readStatementQuery, statementQuery } from "@/lib/services/statements/statement-query";
import { listVaults } from "@/lib/services/vaults/list-vaults";
import { Columns } from "@/lib/ui/columns";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../missing-page";
import { safePage } from "../../safe-page";
import { FileList } from "./file-list";
import { PeriodForm } from "./period-form";
import { StatementSummary } from "./statement-summary";

interface StatementsPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("statements") };
}

/** Statements of the wallet and its vaults: a month or any period, its balances, and its files. */
export default safePage(async function StatementsPage({ searchParams }: StatementsPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [context, zone, query] = await Promise.all([currentContext(), viewerTimeZone(), searchParams]);
  const input = readStatementQuery(query);
  const isAsked = input.from !== undefined || input.to !== undefined;
  const found = isAsked ? await getStatement(context, input, zone).catch(refusalOf) : null;
  if (found === "missing") return missingPage();
  const [t, shell, errors, { vaults }, files] = await Promise.all([
    getTranslations("statements"),
    getTranslations("shell"),
    errorsOf(found),
    listVaults(context),
    listStatementFiles(context),
  ]);
  const statement = found === null || Array.isArray(found) ? null : found;
  const name = statement?.vaultName ?? null;
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/transactions"), label: shell("back") }}
      />
      {query.busy !== undefined && (
        <Notice tone="waiting" live>
          {t("busy")}
        </Notice>
      )}
      <Columns
        side={
          <>
            <MonthLinks input={input} now={context.now} zone={zone} />
            <FileList files={files} />
            <MoreLinks />
          </>
        }
      >
        {statement && <StatementSummary statement={statement} input={input} now={context.now} />}
        <Section heading={t("otherPeriod")} className={statement ? "mt-7" : "mt-0"}>
          <PeriodForm
            path={localizedPath(locale, "/wallet/statements")}
            input={input}
            shownVault={name === null || input.vault === undefined ? null : { id: input.vault, name }}
            vaults={vaults}
            errors={errors}
            today={dayOf(context.now, zone)}
          />
        </Section>
      </Columns>
    </PageShell>
  );
});

/** Days that were refused are said beside their fields; a vault that isn't the person's doesn't exist. */
function refusalOf(error: unknown): FieldIssue[] | "missing" {
  if (error instanceof DomainError && error.code === "validation_failed") return error.details.issues ?? [];
  if (error instanceof DomainError && error.code === "not_found") return "missing";
  throw error;
}

async function errorsOf(found: Summary | FieldIssue[] | null): Promise<Record<string, string>> {
  if (!Array.isArray(found)) return {};
  const fields = await getTranslations("fields");
  return Object.fromEntries(found.map(({ field, reason }) => [field, fields(reason as "date_invalid")]));
}

async function MonthLinks({ input, now, zone }: { input: StatementInput; now: Date; zone: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("statements")]);
  const path = localizedPath(locale, "/wallet/statements");
  const format = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return (
    <Section heading={t("months")}>
      <nav aria-label={t("monthList")}>
        <ul className="mt-3 grid grid-cols-2 gap-x-4 rounded-card border border-line bg-card px-4 py-1">
          {lastMonths(now, zone, MONTHS_LISTED).map((month) => {
            const days = daysOfMonth(month);
            const isShown = days?.from === input.from && days?.to === input.to;
            return (
              <li key={month}>
                <a
                  href={path + statementQuery({ ...input, ...days })}
                  aria-current={isShown ? "page" : undefined}
                  className={`inline-flex min-h-11 items-center first-letter:uppercase underline underline-offset-4 ${isShown ? "font-bold" : ""}`}
                >
                  {format.format(new Date(`${month}-01T00:00:00Z`))}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
    </Section>
  );
}

async function MoreLinks() {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("statements")]);
  const link = "inline-flex min-h-11 items-center underline underline-offset-4";
  return (
    <>
      <Section heading={t("monthly")}>
        <p className="mt-1 text-muted">{t("monthlyText")}</p>
        <a href={localizedPath(locale, "/wallet/settings/notices")} className={link}>
          {t("monthlyLink")}
        </a>
      </Section>
      <Section heading={t("data")}>
        <p className="mt-1 text-muted">{t("dataText")}</p>
        <a href={localizedPath(locale, "/wallet/statements/data")} className={link}>
          {t("dataLink")}
        </a>
      </Section>
    </>
  );
}
