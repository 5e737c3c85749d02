import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { recoveryCookie } from "@/lib/next/recovery-cookie";
import { formatPhone } from "@/lib/phone";
import { getRecovery } from "@/lib/services/identity/recovery/get-recovery";
import { ActionForm } from "@/lib/ui/action-form.client";
import { CodeForm } from "@/lib/ui/code-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../../../safe-page";
import { confirmRecoveryCode, resendCode } from "../actions";

interface CodePageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("forgot") };
}

/** Asks for the code that was sent. The page is the same for a number or an address without an account. */
export default safePage(async function RecoveryCodePage({ searchParams }: CodePageProps) {
  const [locale, query] = await Promise.all([getLocale(), searchParams]);
  const recovery = await getRecovery(await currentContext(), await recoveryCookie.read(), null);
  if (recovery === null) redirect(`${localizedPath(locale, "/sign-in/forgot")}?over=1`);
  if (recovery.status === "password") redirect(localizedPath(locale, "/sign-in/forgot/password"));
  const [t, codes, form] = await Promise.all([
    getTranslations("recovery"),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  const { kind, value } = recovery.contact;
  const contact = kind === "phone" ? formatPhone(value) : value;
  return (
    <PageShell area="site" width="form">
      <PageHeading
        title={t("codeHeading")}
        lead={t(`codeLead.${kind}`, { contact })}
        back={{ href: localizedPath(locale, "/sign-in/forgot"), label: t("otherContact") }}
      />
      {query.sent !== undefined && (
        <Notice tone="good" live>
          {codes("sentAgain")}
        </Notice>
      )}
      <CodeForm
        name="confirm-recovery-code"
        action={confirmRecoveryCode}
        words={{ code: codes("code"), hint: codes("hint"), submit: t("next"), pending: form("pending") }}
      />
      <div className="mt-6">
        <ActionForm name="resend-recovery-code" action={resendCode}>
          <p className="mb-2 text-muted">{codes("notReceived")}</p>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {codes("resend")}
          </SubmitButton>
        </ActionForm>
      </div>
    </PageShell>
  );
});
