import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { reviewTontineSchema } from "@/lib/services/tontines/schema";
import { reviewTontine } from "@/lib/services/tontines/views/review-tontine";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../../safe-page";
import { foundTontine } from "../../actions";
import { RulesText } from "../../rules-text";
import { typedInQuery } from "../new-tontine-query";

interface ReviewPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineReview") };
}

/** The rules as text, before they are fixed. */
export default safePage(async function ReviewTontinePage({ searchParams }: ReviewPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const typed = typedInQuery(await searchParams);
  const formPath = `${localizedPath(locale, "/tontines/new")}?${new URLSearchParams(typed)}`;
  const rules = textOf(await currentContext(), typed);
  if (!rules) redirect(formPath);
  const [t, form] = await Promise.all([getTranslations("tontines.review"), getTranslations("form")]);
  return (
    <PageShell width="form">
      <PageHeading title={t("heading")} lead={t("lead")} back={{ href: formPath, label: form("edit") }} />
      <RulesText text={rules[locale]} />
      <Notice>{t("fixed")}</Notice>
      <ActionForm name="create-tontine" action={foundTontine} hidden={typed} formKey={newKey()}>
        <SubmitButton wide pendingLabel={form("pending")}>
          {t("submit")}
        </SubmitButton>
      </ActionForm>
    </PageShell>
  );
});

/** Null where something in the address can't be a tontine: its form says what. */
function textOf(
  context: Parameters<typeof reviewTontine>[0],
  typed: Record<string, string>,
): { fr: string; en: string } | null {
  const parsed = reviewTontineSchema.safeParse(typed);
  if (!parsed.success) return null;
  try {
    return reviewTontine(context, parsed.data);
  } catch (error) {
    if (error instanceof DomainError && error.code === "validation_failed") return null;
    throw error;
  }
}
