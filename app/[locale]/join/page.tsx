import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { Button } from "@/lib/ui/button";
import { Field } from "@/lib/ui/field";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../safe-page";

interface JoinByCodePageProps {
  searchParams: Promise<Query>;
}

/** Letters and digits, as they may be typed. */
const CODE = /^[\dA-Za-z]{6}$/;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineCode") };
}

/** A tontine's code, read aloud or from a message; leads to what it invites to. */
export default safePage(async function JoinByCodePage({ searchParams }: JoinByCodePageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const { code } = await searchParams;
  const typed = typeof code === "string" ? code.slice(0, 40) : "";
  const plain = typed.replace(/[\s-]/g, "").toUpperCase();
  if (CODE.test(plain)) redirect(localizedPath(locale, `/join/${plain}`));
  const t = await getTranslations("tontines.byCode");
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/tontines"), label: t("back") }}
      />
      <form method="get" action={localizedPath(locale, "/join")}>
        <Field
          name="code"
          label={t("label")}
          hint={t("hint")}
          defaultValue={typed}
          autoCapitalize="characters"
          autoComplete="off"
          maxLength={12}
          error={typed === "" ? undefined : t("wrong")}
        />
        <Button wide>{t("submit")}</Button>
      </form>
    </PageShell>
  );
});
