import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getSummary } from "@/lib/services/tontines/views/get-summary";
import { EmptyState } from "@/lib/ui/empty-state";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";

interface MinutesListProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineMinutes") };
}

/** The minutes of each turn that was called, the newest first. */
export default safePage(async function MinutesListPage({ params }: MinutesListProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const tontine = await nullIfNotFound(getSummary(await currentContext(), code));
  if (!tontine) return missingPage();
  const [t, states] = await Promise.all([
    getTranslations("tontineBooks.minutes"),
    getTranslations("tontineBooks.turn.states"),
  ]);
  const path = localizedPath(locale, `/tontines/${tontine.code}`);
  const turns = tontine.turns.filter(({ state }) => state !== "planned").reverse();
  return (
    <TontinePage tontine={tontine} width="text" title={t("listHeading")} lead={t("listLead")}>
      {turns.length === 0 ? (
        <EmptyState
          icon="list"
          title={t("empty")}
          text={t("emptyText")}
          action={{ href: path, label: t("toGroup") }}
        />
      ) : (
        <ul className="divide-y divide-line rounded-card border border-line bg-card px-5">
          {turns.map(({ number, state, dueAt }) => (
            <li key={number} className="flex flex-wrap items-center justify-between gap-x-4 py-2">
              <a
                href={`${path}/minutes/${number}`}
                className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
              >
                {t("heading", { turn: number })}
              </a>
              <span className="text-sm text-muted">
                {formatDate(dueAt, locale, tontine.zone)} · {states(state)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </TontinePage>
  );
});
