import { getTranslations } from "next-intl/server";
import { defineDownload } from "@/lib/next/define-download";
import { consume } from "@/lib/services/rate-limits/consume";
import { readWholeCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { CASHBOOK_COLUMNS, writeCashbookCsv } from "@/lib/services/tontines/views/write-cashbook-csv";
import { lineTitle } from "../line-title";

/** The whole cash book for a spreadsheet, in the language of the address. */
export const GET = defineDownload<{ code: string }>(
  { name: "cashbook-file", page: ({ code }) => `/tontines/${encodeURIComponent(code)}/cashbook` },
  async ({ context, params: { code }, locale, userId }) => {
    const book = await readWholeCashbook(context, code);
    await consume(context.db, "statement_download", [userId.toString()]);
    const [t, columns, files] = await Promise.all([
      getTranslations({ locale, namespace: "tontineBooks.cashbook" }),
      getTranslations({ locale, namespace: "tontineBooks.columns" }),
      getTranslations({ locale, namespace: "tontineFiles" }),
    ]);
    const body = writeCashbookCsv(book, {
      locale,
      columns: CASHBOOK_COLUMNS.map((column) => columns(column)),
      titleOf: (line) => lineTitle(line, t),
      sealOf: (number) => files("seal.number", { number }),
    });
    const name = `${files("cashbook.file")}-${book.code}.csv`;
    return { body, type: "text/csv; charset=utf-8", name };
  },
);
