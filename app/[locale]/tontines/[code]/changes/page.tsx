import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import type { ChangeView } from "@/lib/services/tontines/views/change-view";
import { type ChangeList, listChanges } from "@/lib/services/tontines/views/list-changes";
import { BidiText } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { formatDue } from "../../format-due";
import { TontinePage } from "../../tontine-page";
import { ChangeDone } from "./change-done";
import { changeTitle } from "./change-title";

interface ChangesPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineChanges") };
}

/** What is open for the viewer: to accept, to countersign, their own; and what they may begin. */
export default safePage(async function ChangesPage({ params, searchParams }: ChangesPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const list = await nullIfNotFound(listChanges(await currentContext(), code));
  if (!list) return missingPage();
  const t = await getTranslations("tontineChanges");
  return (
    <TontinePage tontine={list} width="text" title={t("heading")} lead={t("lead")}>
      <ChangeDone done={query.done} />
      {list.changes.length === 0 ? (
        <p className="rounded-card border border-line bg-card px-5 py-4 text-muted">{t("empty")}</p>
      ) : (
        <ul className="grid gap-3">
          {list.changes.map((change) => (
            <li key={`${change.kind} ${change.id}`}>
              <Change change={change} list={list} />
            </li>
          ))}
        </ul>
      )}
      <Begin list={list} />
    </TontinePage>
  );
});

async function Change({ change, list }: { change: ChangeView; list: ChangeList }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges")]);
  const { kind, id, may, state, expiresAt } = change;
  return (
    <section className="rounded-card border border-line bg-card px-5 py-4">
      <h2 className="font-semibold">
        <BidiText text={await changeTitle(change)} />
      </h2>
      <p className="mt-1 mb-3 text-sm text-muted">
        {t(`states.${state as "offered"}`)}
        {expiresAt && ` · ${t("until", { when: await formatDue(expiresAt, locale, list.zone) })}`}
      </p>
      <ButtonLink
        wide
        variant={may === null ? "secondary" : "primary"}
        href={localizedPath(locale, `/tontines/${list.code}/changes/${kind}/${id}`)}
      >
        {t(may === null ? "see" : `open.${may}`)}
      </ButtonLink>
    </section>
  );
}

/** What members begin in a group that runs, and what before it does. */
async function Begin({ list }: { list: ChangeList }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineChanges.begin")]);
  const isBefore = ["draft", "inviting", "agreed"].includes(list.state);
  const links = isBefore
    ? ([...(list.isChair ? (["order"] as const) : []), "guarantee", "leave"] as const)
    : list.state === "running"
      ? (["swap", "handover", "guarantee", "leave"] as const)
      : [];
  if (links.length === 0) return null;
  return (
    <Section heading={t("heading")}>
      <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
        {links.map((link) => (
          <li key={link} className="py-3">
            <a
              href={localizedPath(locale, `/tontines/${list.code}/changes/${link}`)}
              className="inline-flex min-h-11 items-center font-semibold text-link underline underline-offset-4"
            >
              {t(`links.${link}`)}
            </a>
            <p className="text-sm text-muted">{t(`texts.${link}`)}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
