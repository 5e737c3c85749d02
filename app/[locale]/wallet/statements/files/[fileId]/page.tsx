import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { reloadSeconds } from "@/lib/next/waiting-page";
import { getStatementFile } from "@/lib/services/statements/files/get-file";
import { progressOfFile, type StatementFile } from "@/lib/services/statements/files/view";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { ProgressBar } from "@/lib/ui/progress-bar";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { LiveStatus } from "../../../live-status.client";
import { titleOfFile } from "../../file-list";

interface FilePageProps {
  params: Promise<{ fileId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("statementFile") };
}

/** How far a file is that the worker makes, and its download. Reloads by itself, with and without JavaScript. */
export default safePage(async function FilePage({ params }: FilePageProps) {
  const [{ fileId }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const file = await nullIfNotFound(getStatementFile(await currentContext(), fileId));
  if (!file) return missingPage();
  const t = await getTranslations("statements");
  const isOpen = file.state === "waiting" || file.state === "making";
  const heading = isOpen ? "heading" : file.state === "ready" ? "readyHeading" : "failedHeading";
  return (
    <PageShell width="form">
      {isOpen && (
        <>
          <LiveStatus
            eventsPath={`/wallet/statements/files/${file.id}/events?since=${progressOfFile(file)}`}
          />
          <noscript>
            <meta httpEquiv="refresh" content={String(reloadSeconds())} />
          </noscript>
        </>
      )}
      <PageHeading
        title={t(`file.${heading}`)}
        lead={await titleOfFile(file)}
        back={{ href: localizedPath(locale, "/wallet/statements"), label: t("file.again") }}
      />
      {isOpen && <Progress file={file} />}
      {file.state === "ready" && <Ready file={file} />}
      {file.state === "failed" && <Notice tone="bad">{t("file.failed")}</Notice>}
    </PageShell>
  );
});

async function Progress({ file: { state, percent } }: { file: StatementFile }) {
  const t = await getTranslations("statements.file");
  const text =
    state === "waiting" ? t("waiting") : percent === null ? t("makingData") : t("making", { percent });
  return (
    <div role="status">
      <ProgressBar percent={percent ?? 0} text={text} />
      <p className="sr-only">{text}</p>
      <p className="mt-4 text-muted">{t("close")}</p>
    </div>
  );
}

async function Ready({ file }: { file: StatementFile }) {
  const [locale, zone, t] = await Promise.all([
    getLocale(),
    viewerTimeZone(),
    getTranslations("statements.file"),
  ]);
  const kilobytes = Math.max(1, Math.ceil(Number(file.byteCount) / 1000));
  const size =
    kilobytes < 1000
      ? t("kilobytes", { size: kilobytes })
      : t("megabytes", { size: Math.ceil(kilobytes / 1000) });
  return (
    <>
      <p className="mb-5">{t("ready", { until: formatDateTime(file.expiresAt, locale, zone) })}</p>
      <ButtonLink wide href={localizedPath(locale, `/wallet/statements/files/${file.id}/download`)}>
        {t("download", { size })}
      </ButtonLink>
    </>
  );
}
