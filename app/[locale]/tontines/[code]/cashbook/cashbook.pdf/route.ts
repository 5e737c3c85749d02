import { redirect } from "next/navigation";
import { localizedPath } from "@/lib/i18n/href";
import { defineDownload } from "@/lib/next/define-download";
import { readWholeCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { CASHBOOK_PDF_LINES_MAX, cashbookDocument } from "../../../files/cashbook-document";
import { pdfDownload, wordsOf } from "../../../files/group-document";

const pageOf = (code: string) => `/tontines/${encodeURIComponent(code)}/cashbook`;

/** The whole cash book as a PDF, in the language of the address; a book that is too long leads to its page, which says so. */
export const GET = defineDownload<{ code: string }>(
  { name: "cashbook-file", page: ({ code }) => pageOf(code) },
  async (request) => {
    const { context, params, locale } = request;
    const book = await readWholeCashbook(context, params.code);
    if (book.lines.length > CASHBOOK_PDF_LINES_MAX) {
      redirect(`${localizedPath(locale, pageOf(book.code))}?pdf=too-long`);
    }
    const t = await wordsOf(locale);
    return await pdfDownload(request, `${t("tontineFiles.cashbook.file")}-${book.code}`, () =>
      cashbookDocument(book, { group: book, seal: book.seal, locale, t, now: context.now }),
    );
  },
);
