import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError, type FieldIssue } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { currentContext } from "@/lib/next/current-context";
import { keepOldCopy } from "@/lib/next/old-copies";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { Context } from "@/lib/services/context";
import { listOperations, type OperationPage } from "@/lib/services/operations/list-operations";
import {
  FILTER_FIELDS,
  type FilterField,
  readFilter,
  type TypedFilter,
  typedFilterOf,
} from "@/lib/services/operations/read-filter";
import type { FilterOperations } from "@/lib/services/operations/schema";
import { type OperationTotals, sumOperations } from "@/lib/services/operations/sum-operations";
import { statementQuery } from "@/lib/services/statements/statement-query";
import { EmptyState } from "@/lib/ui/empty-state";
import { ErrorSummary } from "@/lib/ui/error-summary";
import { Notice } from "@/lib/ui/notice";
import { OperationList } from "@/lib/ui/operation-list";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Pager } from "@/lib/ui/pager";
import { safePage } from "../../safe-page";
import { formQuery } from "../form-query";
import { presentOperations } from "../present-operation";
import { HistoryFilter } from "./history-filter";
import { historyPath } from "./history-query";
import { HistoryTotals } from "./history-totals";

interface HistoryPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("history") };
}

const PAGE_SIZE = 20;
const CURSOR = /^[1-9][0-9]{0,17}$/;

/** All operations in every state, newest first, filtered by what the address says, paged by cursor with plain links. */
export default safePage(async function HistoryPage({ searchParams }: HistoryPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [context, query, zone, t, shell] = await Promise.all([
    currentContext(),
    searchParams.then(single),
    viewerTimeZone(),
    getTranslations("history"),
    getTranslations("shell"),
  ]);
  keepOldCopy();
  const typed = typedFilterOf(query);
  const read = readFilter(typed, zone, context.now);
  const errors = await sentencesOf("issues" in read ? read.issues : []);
  const path = localizedPath(locale, "/wallet/transactions");
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <Links typed={typed} />
      <div className="lg:grid lg:grid-cols-[minmax(0,1fr)_16rem] lg:items-start lg:gap-x-8">
        <div className="lg:order-2">
          {errors.size > 0 && (
            <ErrorSummary
              isServerRendered
              heading={t("refused")}
              errors={[...errors].map(([fieldId, message]) => ({ fieldId, message }))}
            />
          )}
          <HistoryFilter path={path} typed={typed} errors={errors} zone={zone} now={context.now} />
        </div>
        {"filter" in read && (
          <Results context={context} filter={read.filter} typed={typed} cursor={query.cursor} path={path} />
        )}
      </div>
    </PageShell>
  );
});

/** To the statement of the days that are shown, and to the balance over time. */
async function Links({ typed: { from, to, currency } }: { typed: TypedFilter }) {
  const [t, locale] = await Promise.all([getTranslations("history"), getLocale()]);
  const chosen = CURRENCY_CODES.find((code) => code === currency) ?? DEFAULT_CURRENCY;
  const hasDays = from !== "" || to !== "";
  const query = statementQuery({ currency: chosen, vault: undefined, from, to });
  const links = [
    {
      href: `/wallet/statements${hasDays ? query : ""}`,
      label: t(hasDays ? "statementOfDays" : "statements"),
    },
    { href: `/wallet/balance${formQuery(chosen)}`, label: t("balance") },
  ];
  return (
    <p className="no-print -mt-3 mb-3 flex flex-wrap gap-x-6">
      {links.map(({ href, label }) => (
        <a
          key={href}
          href={localizedPath(locale, href)}
          className="inline-flex min-h-11 items-center text-link underline underline-offset-4"
        >
          {label}
        </a>
      ))}
    </p>
  );
}

interface ResultsProps {
  context: Context;
  filter: FilterOperations;
  typed: TypedFilter;
  cursor: string | undefined;
  path: string;
}

/** What the filters find: its totals, one page of it, and the way to the others. */
async function Results({ context, filter, typed, cursor: askedCursor, path }: ResultsProps) {
  const t = await getTranslations("history");
  const cursor = askedCursor !== undefined && CURSOR.test(askedCursor) ? askedCursor : undefined;
  const found = await find(context, filter, cursor);
  if (found instanceof DomainError) return <SearchRefused refusal={found} />;
  const { page, totals } = found;
  const older = page.nextCursor && { href: historyPath(path, typed, page.nextCursor), label: t("older") };
  const newer = cursor && { href: historyPath(path, typed), label: t("newer") };
  return (
    <div>
      {page.operations.length > 0 ? (
        <>
          {totals !== undefined && <HistoryTotals found={totals} />}
          <OperationList days={await presentOperations(page.operations, context.now)} headingLevel="h2" />
        </>
      ) : (
        <NothingFound isFiltered={isFiltered(typed) || cursor !== undefined} />
      )}
      <Pager label={t("pages")} newer={newer || undefined} older={older || undefined} />
    </div>
  );
}

const isFiltered = (typed: TypedFilter) => FILTER_FIELDS.some((field) => typed[field] !== "");

interface Found {
  page: OperationPage;
  /** Undefined for the whole history, which isn't summed. */
  totals: OperationTotals | null | undefined;
}

/** One search after the other, as a person may only have a few at a time. A refused one is answered, to be said on the page. */
async function find(
  context: Context,
  filter: FilterOperations,
  cursor: string | undefined,
): Promise<Found | DomainError> {
  try {
    const page = await listOperations(context, { ...filter, cursor, limit: PAGE_SIZE });
    const isSummed = page.operations.length > 0 && Object.values(filter).some((value) => value !== undefined);
    return { page, totals: isSummed ? await sumOperations(context, filter) : undefined };
  } catch (error) {
    if (error instanceof DomainError && ["rate_limited", "validation_failed"].includes(error.code)) {
      return error;
    }
    throw error;
  }
}

async function NothingFound({ isFiltered }: { isFiltered: boolean }) {
  const [t, locale] = await Promise.all([getTranslations("history"), getLocale()]);
  if (isFiltered) return <EmptyState title={t("nothingFound")} text={t("nothingFoundText")} />;
  const action = { href: localizedPath(locale, "/wallet/topup"), label: t("emptyAction") };
  return <EmptyState title={t("empty")} text={t("emptyText")} action={action} />;
}

async function SearchRefused({ refusal }: { refusal: DomainError }) {
  const [errors, fields] = await Promise.all([getTranslations("errors"), getTranslations("fields")]);
  return (
    <Notice tone="waiting" live>
      {refusal.code === "rate_limited" ? errors("rate_limited") : fields("search_too_slow")}
    </Notice>
  );
}

/** A sentence for each field that is wrong. */
async function sentencesOf(issues: readonly FieldIssue[]): Promise<Map<FilterField, string>> {
  const t = await getTranslations("fields");
  return new Map(
    issues.map(({ field, reason }) => [field as FilterField, t(reason as Parameters<typeof t>[0])]),
  );
}

/** The first value of a repeated parameter. */
function single(params: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  const entries = Object.entries(params).map(([name, value]) => [name, [value].flat()[0] || undefined]);
  return Object.fromEntries(entries);
}
