import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { nextOf, type Query, withNext } from "@/lib/next/next-path";
import { userOfSecondStep } from "@/lib/next/session";
import { CodeForm } from "@/lib/ui/code-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { finishSignIn } from "./actions";

interface SecondStepPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("secondStep") };
}

/** Asks for the code of the person's app, after the right password. */
export default safePage(async function SecondStepPage({ searchParams }: SecondStepPageProps) {
  const [locale, query] = await Promise.all([getLocale(), searchParams]);
  const next = nextOf(query);
  const signInPath = withNext(localizedPath(locale, "/sign-in"), next);
  if ((await userOfSecondStep()) === null) redirect(signInPath);
  const [t, signIn, form, shell] = await Promise.all([
    getTranslations("totp"),
    getTranslations("signIn"),
    getTranslations("form"),
    getTranslations("shell"),
  ]);
  return (
    <PageShell area="site" width="form">
      <PageHeading
        title={t("signInHeading")}
        lead={t("signInLead")}
        back={{ href: signInPath, label: shell("back") }}
      />
      <CodeForm
        name="finish-sign-in"
        action={finishSignIn}
        hidden={next === null ? {} : { next }}
        words={{ code: t("code"), hint: t("codeHint"), submit: signIn("submit"), pending: form("pending") }}
      />
    </PageShell>
  );
});
