import { defineDownload } from "@/lib/next/define-download";
import { consume } from "@/lib/services/rate-limits/consume";
import { minutesTable } from "../../../../files/minutes-table";
import { type MinutesParams, minutesPath, readMinutes } from "../../../../files/read-minutes";

/** The minutes of a turn for a spreadsheet, in the language of the address. */
export const GET = defineDownload<MinutesParams>(
  { name: "minutes-file", page: minutesPath },
  async (request) => {
    const { context, userId } = request;
    const { minutes, file, name } = await readMinutes(request);
    await consume(context.db, "statement_download", [userId.toString()]);
    return { body: minutesTable(minutes, file), type: "text/csv; charset=utf-8", name: `${name}.csv` };
  },
);
