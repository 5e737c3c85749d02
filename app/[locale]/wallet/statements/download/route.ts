import { redirect } from "next/navigation";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { defineDownload } from "@/lib/next/define-download";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { downloadStatement } from "@/lib/services/statements/download-statement";
import { STATEMENT_FORMATS } from "@/lib/services/statements/schema";
import { readStatementQuery, statementQuery } from "@/lib/services/statements/statement-query";

const PAGE = "/wallet/statements";

/**
 * A statement as a file: the query of the statements' page, with `&format=`. What can't be made at once, and days that are refused, lead to
 * that page, which says why.
 */
export const GET = defineDownload<{ locale: string }>(
  { name: "statement", page: () => PAGE, isRead: false },
  async ({ request, locale, context }) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const input = readStatementQuery(query);
    const format = STATEMENT_FORMATS.find((each) => each === query.format) ?? "pdf";
    const page = localizedPath(locale, PAGE) + statementQuery(input);
    const style = { format, locale, zone: await viewerTimeZone() };
    const download = await downloadStatement(context, input, style).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === "rate_limited") redirect(`${page}&busy=1`);
      if (error instanceof DomainError && error.code === "validation_failed") redirect(page);
      throw error;
    });
    if ("delivery" in download) redirect(page);
    const { body, contentType: type, fileName: name, byteCount } = download;
    return { body, type, name, byteCount };
  },
);
