import { getLocale, getTranslations } from "next-intl/server";
import { startOfDay } from "@/lib/day-range";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { StatementFile } from "@/lib/services/statements/files/view";
import { Section } from "@/lib/ui/section";

/** The period of a statement, or that it is a copy of all data. */
export async function titleOfFile({ statement }: StatementFile): Promise<string> {
  const t = await getTranslations("statements");
  if (statement === null) return t("dataFile");
  const [from, to] = await Promise.all([longDay(statement.from), longDay(statement.to)]);
  return t("fileOf", { from, to });
}

/** `20 novembre 2026`. */
export async function longDay(day: string): Promise<string> {
  const [locale, zone] = await Promise.all([getLocale(), viewerTimeZone()]);
  return formatDate(startOfDay(day, zone), locale, zone);
}

/** Files that the worker has made or makes, newest first; nothing without one. */
export async function FileList({ files }: { files: readonly StatementFile[] }) {
  if (files.length === 0) return null;
  const [locale, t] = await Promise.all([getLocale(), getTranslations("statements")]);
  const titles = await Promise.all(files.map(titleOfFile));
  return (
    <Section heading={t("files")}>
      <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-4">
        {files.map((file, index) => (
          <li key={file.id}>
            <a
              href={localizedPath(locale, `/wallet/statements/files/${file.id}`)}
              className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 py-2"
            >
              <span className="underline underline-offset-4">{titles[index]}</span>
              <span className="text-sm text-muted">{t(`fileStates.${file.state}`)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
