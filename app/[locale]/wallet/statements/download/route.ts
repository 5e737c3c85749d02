import { redirect } from "next/navigation";
import { DomainError } from "@/lib/errors";
import { errorResponse } from "@/lib/http/define-route";
import { fileResponse } from "@/lib/http/file-response";
import { runVerb } from "@/lib/http/request-context";
import { localizedPath } from "@/lib/i18n/href";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/routing";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { downloadStatement } from "@/lib/services/statements/download-statement";
import { STATEMENT_FORMATS } from "@/lib/services/statements/schema";
import { readStatementQuery, statementQuery } from "@/lib/services/statements/statement-query";

/**
 * A statement as a file: the query of the statements' page, with `&format=`. What can't be made at once, and days that are refused, lead to
 * that page, which says why.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ locale: string }> },
): Promise<Response> {
  const { locale: named } = await params;
  const locale = isLocale(named) ? named : DEFAULT_LOCALE;
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const input = readStatementQuery(query);
  const format = STATEMENT_FORMATS.find((each) => each === query.format) ?? "pdf";
  const page = localizedPath(locale, "/wallet/statements") + statementQuery(input);
  let target = page;
  try {
    const style = { format, locale, zone: await viewerTimeZone() };
    const download = await runVerb(context, { isRead: false }, () =>
      downloadStatement(context, input, style),
    );
    if (!("delivery" in download)) {
      const { body, contentType: type, fileName: name, byteCount } = download;
      return fileResponse(body, { type, name, byteCount });
    }
  } catch (error) {
    if (error instanceof DomainError && error.code === "rate_limited") target = `${page}&busy=1`;
    else if (!(error instanceof DomainError && error.code === "validation_failed")) {
      return errorResponse(error, context.requestId, "statement");
    }
  }
  redirect(target);
}
