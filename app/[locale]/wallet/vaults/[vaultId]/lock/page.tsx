import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { toLockDate } from "@/lib/services/vaults/lock-date";
import { type LockReview, reviewLock } from "@/lib/services/vaults/review-lock";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { lockVaultUntil } from "../../actions";
import { formWords } from "../../field-words";
import { DoneNotice } from "../../vault-done";

interface LockPageProps {
  params: Promise<{ vaultId: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("vaultLock") };
}

/** Which vault, how much is in it and until when, before it is locked: nobody can undo that. */
export default safePage(async function LockPage({ params, searchParams }: LockPageProps) {
  const [{ vaultId }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const vaultPath = localizedPath(locale, `/wallet/vaults/${vaultId}`);
  const review = await nullIfNotFound(reviewOf(vaultId, query.until));
  if (!review) return missingPage();
  // The address has no date that could be locked until: the form is on the vault's page.
  if (review === "refused") redirect(vaultPath);
  const t = await getTranslations("vaults.lock.review");
  const day = formatDate(review.until, locale, await viewerTimeZone());
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading title={t("heading")} lead={t("lead")} back={{ href: vaultPath, label: t("edit") }} />
      <DoneNotice done={query.done} />
      <ReceiptRows rows={await rowsOf(review, locale)} />
      <div className="mt-5">
        <FieldsForm
          id="lock"
          name="lock-vault"
          action={lockVaultUntil}
          hidden={{ vaultId: review.vault.id.toString(), lockedUntil: toLockDate(review.until) }}
          fields={[]}
          note={<p>{t("canTake", { time: day })}</p>}
          words={await formWords(t("submit", { time: day }))}
        />
      </div>
    </PageShell>
  );
});

async function reviewOf(vaultId: string, until: Query[string]): Promise<LockReview | "refused"> {
  try {
    return await reviewLock(await currentContext(), { vaultId, lockedUntil: String(until ?? "") });
  } catch (error) {
    if (error instanceof DomainError && error.code === "validation_failed") return "refused";
    throw error;
  }
}

async function rowsOf({ vault, until, days }: LockReview, locale: Locale): Promise<ReceiptRow[]> {
  const [t, zone] = await Promise.all([getTranslations("vaults.lock.review"), viewerTimeZone()]);
  const { isLocked, lockedUntil } = vault;
  return [
    { label: t("vault"), value: <bdi>{vault.name}</bdi> },
    { label: t("inside"), value: await shownBalance(vault.balance) },
    ...(isLocked && lockedUntil ? [{ label: t("from"), value: formatDate(lockedUntil, locale, zone) }] : []),
    { label: t("until"), value: formatDate(until, locale, zone), strong: true },
    { label: t("days"), value: t("daysCount", { count: days }) },
  ];
}
