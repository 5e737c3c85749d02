import { defineDownload } from "@/lib/next/define-download";
import { pdfDownload } from "../../../../files/group-document";
import { minutesDocument } from "../../../../files/minutes-document";
import { type MinutesParams, minutesPath, readMinutes } from "../../../../files/read-minutes";

/** The minutes of a turn as a PDF, in the language of the address. */
export const GET = defineDownload<MinutesParams>(
  { name: "minutes-file", page: minutesPath },
  async (request) => {
    const { minutes, words, file, name } = await readMinutes(request);
    return await pdfDownload(request, name, () => minutesDocument(minutes, words, file));
  },
);
