import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { currentPath } from "@/lib/i18n/current-path";
import { formatDateTimeInZone } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { oldCopies } from "@/lib/next/old-copies";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { OLD_COPY_NOTICE } from "@/lib/ui/old-copies";
import { OldCopies } from "@/lib/ui/old-copies.client";

/** Beside a page that is ready: what its browser may keep of it. In a kept copy the notice is shown. Adds a response header. */
export async function oldCopy(): Promise<ReactNode> {
  const copies = await oldCopies();
  if (copies === null) return null;
  const { marker, isKept } = copies;
  const now = new Date();
  return (
    <>
      {isKept && <OldCopyNotice seenAt={now} />}
      <OldCopies marker={marker} madeAt={isKept ? now.toISOString() : null} />
    </>
  );
}

async function OldCopyNotice({ seenAt }: { seenAt: Date }) {
  const [locale, t, path, zone] = await Promise.all([
    getLocale(),
    getTranslations("oldCopy"),
    currentPath(),
    viewerTimeZone(),
  ]);
  return (
    <aside
      hidden
      id={OLD_COPY_NOTICE}
      aria-label={t("title")}
      className="border-b-2 border-waiting bg-card px-4 py-3 text-center"
    >
      <p className="font-semibold text-waiting">{t("title")}</p>
      <p>{t("seen", { date: formatDateTimeInZone(seenAt, locale, zone) })}</p>
      <p className="text-sm text-muted">{t("text")}</p>
      <a
        href={localizedPath(locale, path)}
        className="inline-flex min-h-11 items-center px-3 text-link underline underline-offset-4"
      >
        {t("retry")}
      </a>
    </aside>
  );
}
