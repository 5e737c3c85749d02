import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { ACTIVE_KEYS_MAX } from "@/lib/services/api-access/keys/policy";
import { ButtonLink } from "@/lib/ui/button";
import { EmptyState } from "@/lib/ui/empty-state";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { safePage } from "../../safe-page";
import { KeyList } from "./key-list";

interface KeysPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("keys") };
}

/** The person's API keys. */
export default safePage(async function KeysPage({ searchParams }: KeysPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, shell, keys, { done }] = await Promise.all([
    getTranslations("keys"),
    getTranslations("shell"),
    listApiKeys(await currentContext()),
    searchParams,
  ]);
  const active = keys.filter(({ isActive }) => isActive);
  const past = keys.filter(({ isActive }) => !isActive);
  const action = { href: localizedPath(locale, "/wallet/keys/new"), label: t("create") };
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/settings"), label: shell("back") }}
      />
      {done === "revoked" && (
        <Notice tone="good" live>
          {t("revoke.done")}
        </Notice>
      )}
      {active.length === 0 && (
        <EmptyState icon="code" title={t("empty")} text={t("emptyText")} action={action} />
      )}
      {active.length > 0 && <KeyList label={t("heading")} keys={active} />}
      {active.length >= ACTIVE_KEYS_MAX && (
        <div className="mt-5">
          <Notice>{t("full", { count: active.length })}</Notice>
        </div>
      )}
      {active.length > 0 && active.length < ACTIVE_KEYS_MAX && (
        <ButtonLink wide href={action.href} className="mt-5">
          {action.label}
        </ButtonLink>
      )}
      {past.length > 0 && (
        <Section heading={t("past")}>
          <KeyList label={t("past")} keys={past} />
        </Section>
      )}
      <p className="mt-7 text-sm">
        <a
          href="/api/docs"
          className="inline-flex min-h-11 items-center text-link underline underline-offset-4"
        >
          {t("docs")}
        </a>
      </p>
    </PageShell>
  );
});
