import { defineDownload } from "@/lib/next/define-download";
import { consume } from "@/lib/services/rate-limits/consume";
import { readSealedBooklet } from "@/lib/services/tontines/views/get-booklet";
import { bookletTable } from "../../../files/booklet-table";
import { wordsOf } from "../../../files/group-document";

/** The viewer's booklet for a spreadsheet, in the language of the address. */
export const GET = defineDownload<{ code: string }>(
  { name: "booklet-file", page: ({ code }) => `/tontines/${encodeURIComponent(code)}/booklet` },
  async ({ context, params, locale, userId }) => {
    const booklet = await readSealedBooklet(context, params.code);
    await consume(context.db, "statement_download", [userId.toString()]);
    const t = await wordsOf(locale);
    const file = { group: booklet, seal: booklet.seal, locale, t, now: context.now };
    return {
      body: bookletTable(booklet, file),
      type: "text/csv; charset=utf-8",
      name: `${t("tontineFiles.booklet.file")}-${booklet.code}.csv`,
    };
  },
);
