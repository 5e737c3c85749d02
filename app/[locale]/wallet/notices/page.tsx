import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listNotices } from "@/lib/services/notice-delivery/list-notices";
import { ActionForm } from "@/lib/ui/action-form.client";
import { EmptyState } from "@/lib/ui/empty-state";
import { Notice } from "@/lib/ui/notice";
import { NoticeList } from "@/lib/ui/notice-list";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Pager } from "@/lib/ui/pager";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../safe-page";
import { markRead } from "./actions";
import { presentNotices } from "./present-notices";

interface NoticesPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/notices";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("notices") };
}

/** What the person was told, newest first, paged by cursor; a form marks what is shown as read. */
export default safePage(async function NoticesPage({ searchParams }: NoticesPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const { cursor, read } = await searchParams;
  const position = [cursor].flat()[0];
  const [t, shell, page] = await Promise.all([
    getTranslations("notices"),
    getTranslations("shell"),
    listNotices(context, position),
  ]);
  const { notices, nextCursor } = page;
  const path = localizedPath(locale, PATH);
  const [newest] = notices;
  const hasUnread = notices.some(({ isRead }) => !isRead);
  return (
    <PageShell width="text">
      <PageHeading
        title={t("heading")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      {read !== undefined && !hasUnread && (
        <Notice tone="good" live>
          {t("marked")}
        </Notice>
      )}
      {hasUnread && newest && <MarkRead upTo={newest.id.toString()} />}
      {notices.length > 0 ? (
        <NoticeList days={await presentNotices(notices, context.now)} />
      ) : (
        <EmptyState
          icon="bell"
          title={t("empty")}
          text={t("emptyText")}
          action={{ href: localizedPath(locale, "/wallet/receive"), label: t("emptyAction") }}
        />
      )}
      <Pager
        label={t("pages")}
        newer={position ? { href: path, label: t("newer") } : undefined}
        older={nextCursor === null ? undefined : { href: `${path}?cursor=${nextCursor}`, label: t("older") }}
      />
      <p className="mt-6 text-center">
        <a
          href={localizedPath(locale, "/wallet/settings/notices")}
          className="inline-flex min-h-11 items-center text-sm underline underline-offset-4"
        >
          {t("settings")}
        </a>
      </p>
    </PageShell>
  );
});

async function MarkRead({ upTo }: { upTo: string }) {
  const [t, form] = await Promise.all([getTranslations("notices"), getTranslations("form")]);
  return (
    <ActionForm name="mark-notices-read" action={markRead} hidden={{ upTo }}>
      <SubmitButton variant="secondary" pendingLabel={form("pending")}>
        {t("markRead")}
      </SubmitButton>
    </ActionForm>
  );
}
