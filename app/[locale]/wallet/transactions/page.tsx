import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { keepOldCopy } from "@/lib/next/old-copies";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listOperations } from "@/lib/services/operations/list-operations";
import { type ListOperations, listOperationsSchema } from "@/lib/services/operations/schema";
import { EmptyState } from "@/lib/ui/empty-state";
import { Notice } from "@/lib/ui/notice";
import { OperationList } from "@/lib/ui/operation-list";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Pager } from "@/lib/ui/pager";
import { safePage } from "../../safe-page";
import { presentOperations } from "../present-operation";
import { HistoryFilter } from "./history-filter";

interface HistoryPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("history") };
}

/** All operations in every state, newest first, paged by cursor with plain links. */
export default safePage(async function HistoryPage({ searchParams }: HistoryPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  keepOldCopy();
  const input = listOperationsSchema.parse(single(await searchParams));
  const [t, shell, found] = await Promise.all([
    getTranslations("history"),
    getTranslations("shell"),
    listOperations(context, input).catch(searchRefusal),
  ]);
  const page = found instanceof DomainError ? NOTHING_SEARCHED : found;
  const path = localizedPath(locale, "/wallet/transactions");
  const isFiltered = Boolean(input.type ?? input.status ?? input.text ?? input.cursor);
  const newest = input.cursor
    ? { href: path + queryOf({ ...input, cursor: undefined }), label: t("newer") }
    : undefined;
  const older = page.nextCursor
    ? { href: path + queryOf({ ...input, cursor: page.nextCursor }), label: t("older") }
    : undefined;
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <div className="lg:grid lg:grid-cols-[minmax(0,1fr)_15rem] lg:items-start lg:gap-x-8">
        <div className="lg:order-2">
          <HistoryFilter path={path} input={input} />
        </div>
        <div className="lg:[&>section:first-child]:mt-0">
          {found instanceof DomainError ? (
            <SearchRefused refusal={found} />
          ) : page.operations.length > 0 ? (
            <OperationList days={await presentOperations(page.operations, context.now)} headingLevel="h2" />
          ) : (
            <EmptyState
              title={t(isFiltered ? "nothingFound" : "empty")}
              text={t(isFiltered ? "nothingFoundText" : "emptyText")}
              action={
                isFiltered
                  ? { href: path, label: t("clear") }
                  : { href: localizedPath(locale, "/wallet/topup"), label: t("emptyAction") }
              }
            />
          )}
          <Pager label={t("pages")} newer={newest} older={older} />
        </div>
      </div>
    </PageShell>
  );
});

const NOTHING_SEARCHED = { operations: [], nextCursor: null };

/** A search that was refused is said on the page; anything else is thrown on. */
function searchRefusal(error: unknown): DomainError {
  if (error instanceof DomainError && ["rate_limited", "validation_failed"].includes(error.code))
    return error;
  throw error;
}

async function SearchRefused({ refusal }: { refusal: DomainError }) {
  const [errors, fields] = await Promise.all([getTranslations("errors"), getTranslations("fields")]);
  return (
    <Notice tone="waiting" live>
      {refusal.code === "rate_limited" ? errors("rate_limited") : fields("search_too_slow")}
    </Notice>
  );
}

/** The first value of a repeated parameter. */
function single(params: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  const entries = Object.entries(params).map(([name, value]) => [name, [value].flat()[0] || undefined]);
  return Object.fromEntries(entries);
}

function queryOf(input: { [Name in keyof ListOperations]: ListOperations[Name] | undefined }): string {
  const query = new URLSearchParams();
  for (const name of ["type", "status", "text", "cursor"] as const) {
    const value = input[name];
    if (typeof value === "string" && value) query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
