import { getTranslations } from "next-intl/server";
import { errorResponse } from "@/lib/http/define-route";
import { fileResponse } from "@/lib/http/file-response";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/routing";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { consume } from "@/lib/services/rate-limits/consume";
import { readWholeCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { CASHBOOK_COLUMNS, writeCashbookCsv } from "@/lib/services/tontines/views/write-cashbook-csv";
import { lineTitle } from "../line-title";

interface CashbookFileRequest {
  params: Promise<{ locale: string; code: string }>;
}

/** The whole cash book for a spreadsheet, in the language of the address. */
export async function GET(_request: Request, { params }: CashbookFileRequest): Promise<Response> {
  const { locale: segment, code } = await params;
  const locale = isLocale(segment) ? segment : DEFAULT_LOCALE;
  const { userId } = await requireUserOrRedirect(locale);
  const context = await currentContext();
  try {
    const book = await readWholeCashbook(context, code);
    await consume(context.db, "statement_download", [userId.toString()]);
    const [t, columns] = await Promise.all([
      getTranslations({ locale, namespace: "tontineBooks.cashbook" }),
      getTranslations({ locale, namespace: "tontineBooks.columns" }),
    ]);
    const csv = writeCashbookCsv(book, {
      locale,
      columns: CASHBOOK_COLUMNS.map((column) => columns(column)),
      titleOf: (line) => lineTitle(line, t),
    });
    const name = locale === "fr" ? "livre-de-caisse" : "cash-book";
    return fileResponse(csv, { type: "text/csv; charset=utf-8", name: `${name}-${book.code}.csv` });
  } catch (error) {
    return errorResponse(error, context.requestId, "cashbook-file");
  }
}
