import type { DownloadRequest } from "@/lib/next/define-download";
import { getMinutes } from "@/lib/services/tontines/views/get-minutes";
import type { GroupFile } from "./group-document";
import { minutesWords } from "./minutes-words";

export interface MinutesParams {
  code: string;
  number: string;
}

export const minutesPath = ({ code, number }: MinutesParams): string =>
  `/tontines/${encodeURIComponent(code)}/minutes/${encodeURIComponent(number)}`;

/** The minutes that a file is asked of, and what both formats need. Throws as `getMinutes`. */
export async function readMinutes({ context, params, locale }: DownloadRequest<MinutesParams>) {
  const { code, number } = params;
  const wanted = /^[1-9]\d{0,3}$/.test(number) ? Number(number) : 0;
  const minutes = await getMinutes(context, { code, number: wanted });
  const words = await minutesWords(minutes, locale);
  const { t } = words;
  const group = { code: minutes.code, name: minutes.tontine, zone: minutes.zone };
  const file: GroupFile = { group, seal: minutes.seal, locale, t, now: context.now };
  const name = `${t("tontineFiles.minutes.file", { turn: minutes.turn.number })}-${minutes.code}`;
  return { minutes, words, file, name };
}
