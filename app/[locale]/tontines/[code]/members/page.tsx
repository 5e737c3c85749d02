import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { type ListedMember, listMembers, type MemberList } from "@/lib/services/tontines/views/list-members";
import { ButtonLink } from "@/lib/ui/button";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { OfficeDone } from "../../office-done";
import { sharesWord } from "../../shares-word";
import { TontinePage } from "../../tontine-page";
import { MemberForms } from "./member-forms";

interface MembersPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineMembers") };
}

/** The people of a group: offices, shares, who signed; phone numbers for officers only. */
export default safePage(async function MembersPage({ params, searchParams }: MembersPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const list = await nullIfNotFound(listMembers(await currentContext(), code));
  if (!list) return missingPage();
  const t = await getTranslations("tontineBooks.members");
  return (
    <TontinePage
      tontine={list}
      width="text"
      title={t("heading")}
      lead={t("lead", { count: list.members.length })}
    >
      <OfficeDone done={query.done} />
      <ul className="divide-y divide-line rounded-card border border-line bg-card px-5">
        {list.members.map((member) => (
          <li key={member.id} className="py-3.5">
            <Member member={member} list={list} />
          </li>
        ))}
      </ul>
      {list.isOfficer && list.isOpen && (
        <p className="mt-5">
          <ButtonLink wide href={localizedPath(locale, `/tontines/${list.code}/invite`)}>
            {t("invite")}
          </ButtonLink>
        </p>
      )}
    </TontinePage>
  );
});

async function Member({ member, list }: { member: ListedMember; list: MemberList }) {
  const [locale, t, words] = await Promise.all([
    getLocale(),
    getTranslations("tontineBooks.members"),
    getTranslations("tontines"),
  ]);
  const { name, isMe, roles, state, hasAccount, halves, phone, signedAt } = member;
  const facts = [
    sharesWord(words, halves),
    t(`states.${state}`),
    ...(signedAt ? [t("signedOn", { day: formatDate(signedAt, locale, list.zone) })] : []),
    ...(hasAccount ? [] : [t("noAccount")]),
  ];
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="min-w-0 font-semibold">
          <bdi>{name}</bdi>
          {isMe && ` (${t("you")})`}
        </h2>
        {roles.length > 0 && (
          <span className="text-sm font-semibold text-link">
            {roles.map((role) => t(`roles.${role as "chair"}`)).join(", ")}
          </span>
        )}
      </div>
      <p className="text-sm text-muted">{facts.join(" · ")}</p>
      {phone !== null && (
        <a href={`tel:${phone}`} className="inline-flex min-h-11 items-center underline underline-offset-4">
          <bdi dir="ltr">{phone}</bdi>
        </a>
      )}
      <MemberForms member={member} list={list} />
    </>
  );
}
