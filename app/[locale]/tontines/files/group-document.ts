import { getTranslations } from "next-intl/server";
import { formatDateTimeInZone } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import type { Download, DownloadRequest } from "@/lib/next/define-download";
import { siteUrl } from "@/lib/next/site-url";
import { createDocument, type DetailRow, type PdfDocument } from "@/lib/pdf/document";
import type { TimeZone } from "@/lib/phone";
import { beginDownload } from "@/lib/services/statements/limit-making";
import { timesIn, type ZoneTimes } from "@/lib/services/statements/zone-times";
import type { GroupSeal } from "@/lib/services/tontines/views/group-accounts";

/** All words of a language: files name what pages do. */
export const wordsOf = (locale: Locale) => getTranslations({ locale });
export type Words = Awaited<ReturnType<typeof wordsOf>>;

/** A group's file and the language that it is written in. */
export interface GroupFile {
  group: { code: string; name: string; zone: string };
  seal: GroupSeal;
  locale: Locale;
  t: Words;
  now: Date;
}

/** A day as people write it in tables: `30/11/2026` in French, `2026-11-30` in English. */
export function dayText(locale: Locale, times: ZoneTimes, at: Date): string {
  const { year, month, day } = times.parts(at);
  return locale === "fr" ? `${day}/${month}/${year}` : `${year}-${month}-${day}`;
}

/** An A4 file of a group with its heading, and who, which group and when. */
export function openGroupDocument(
  { group, locale, t, now }: GroupFile,
  title: string,
  details: readonly DetailRow[],
): PdfDocument {
  const document = createDocument({
    size: "A4",
    locale,
    title: `${title} · ${group.name}`,
    footer: t("tontineFiles.footer", { name: group.name, code: group.code }),
    pageOf: (page, total) => t("pdf.pageOf", { page, total }),
    createdAt: now,
  });
  document.heading(1, title);
  document.details([
    { label: t("tontineFiles.about.tontine"), value: group.name, strong: true },
    { label: t("tontineFiles.about.code"), value: group.code },
    ...details,
    { label: t("tontineFiles.about.zone"), value: timesIn(group.zone, now).name },
    { label: t("tontineFiles.about.madeAt"), value: timeText(now, { group, locale }) },
  ]);
  return document;
}

const timeText = (at: Date, { group, locale }: Pick<GroupFile, "group" | "locale">) =>
  formatDateTimeInZone(at, locale, group.zone as TimeZone);

/** The end of each file: the seal of the ledger that covers what it tells. */
export function writeSeal(document: PdfDocument, file: GroupFile): void {
  const { t, locale, seal } = file;
  document.heading(2, t("tontineFiles.seal.heading"));
  for (const line of sealLines(file)) document.paragraph(line, { muted: true });
  if (seal.seal !== null) {
    const url = siteUrl(`${localizedPath(locale, "/help")}#seal`);
    document.paragraph(t("tontineFiles.seal.check", { url }), { muted: true });
  }
}

function sealLines(file: GroupFile): string[] {
  const { t, seal } = file;
  if (seal.seal === null) {
    return [t(seal.entryId === null ? "tontineFiles.seal.nothing" : "tontineFiles.seal.unsealed")];
  }
  const { number, root, sealedAt } = seal.seal;
  return [
    t("tontineFiles.seal.sealed", { number: number.toString(), time: timeText(sealedAt, file) }),
    t("tontineFiles.seal.root", { root }),
  ];
}

/** A PDF as it is written, within the limits on a person's files. `write` ends when the reader has gone. */
export async function pdfDownload(
  { context, userId }: Pick<DownloadRequest<object>, "context" | "userId">,
  name: string,
  make: () => { document: PdfDocument; write: () => Promise<void> },
): Promise<Download> {
  const end = await beginDownload(context, userId);
  try {
    const { document, write } = make();
    write()
      .then(() => document.finish())
      .catch((error: unknown) =>
        document.fail(error instanceof Error ? error : new Error("the file could not be written")),
      )
      .finally(end);
    return { body: document.stream, type: "application/pdf", name: `${name}.pdf` };
  } catch (error) {
    end();
    throw error;
  }
}
