import { defineDownload } from "@/lib/next/define-download";
import { readSealedBooklet } from "@/lib/services/tontines/views/get-booklet";
import { bookletDocument } from "../../../files/booklet-document";
import { pdfDownload, wordsOf } from "../../../files/group-document";

/** The viewer's booklet as a PDF, in the language of the address. */
export const GET = defineDownload<{ code: string }>(
  { name: "booklet-file", page: ({ code }) => `/tontines/${encodeURIComponent(code)}/booklet` },
  async (request) => {
    const { context, params, locale } = request;
    const booklet = await readSealedBooklet(context, params.code);
    const t = await wordsOf(locale);
    return await pdfDownload(request, `${t("tontineFiles.booklet.file")}-${booklet.code}`, () =>
      bookletDocument(booklet, { group: booklet, seal: booklet.seal, locale, t, now: context.now }),
    );
  },
);
