import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { siteUrl } from "@/lib/next/site-url";
import { type InvitationView, showInvitation } from "@/lib/services/tontines/views/show-invitation";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { QrCode } from "@/lib/ui/qr-code";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { safePage } from "../../../safe-page";
import { ShareLink } from "../../../share-link";
import { formWords } from "../../../wallet/vaults/field-words";
import { inviteByPhone } from "../../actions";
import { sharesWord } from "../../shares-word";
import { TontinePage } from "../../tontine-page";

interface InvitePageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

const NAME_LENGTH_MAX = 80;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineInvite") };
}

/** How people are invited: link, QR code, code to read aloud, or by name and number for who has no account. */
export default safePage(async function InvitePage({ params, searchParams }: InvitePageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const invitation = await findShown(showInvitation(context, code));
  if (invitation === "missing") return missingPage();
  if (invitation === "not_now") redirect(localizedPath(locale, `/tontines/${code}`));
  const [t, all] = await Promise.all([getTranslations("tontines.invite"), getTranslations("tontines")]);
  const free = invitation.freeHalves;
  return (
    <TontinePage
      tontine={invitation}
      width="form"
      title={t("heading")}
      lead={free === 0 ? t("full") : t("free", { shares: sharesWord(all, free) })}
    >
      {(query.done === "added" || query.done === "told") && (
        <Notice tone="good" live>
          {t(query.done)}
        </Notice>
      )}
      <ByLink invitation={invitation} />
      <Section heading={t("byPhone")}>
        <p className="mt-1 mb-3 text-muted">{t("byPhoneText")}</p>
        <ByPhone invitation={invitation} />
      </Section>
    </TontinePage>
  );
});

/** Strangers and members without an office see no invitation. */
async function findShown(shown: Promise<InvitationView>): Promise<InvitationView | "missing" | "not_now"> {
  try {
    return await shown;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "tontine_not_now") return "not_now";
    if (error.code === "not_found" || error.code === "tontine_role_missing") return "missing";
    throw error;
  }
}

async function ByLink({ invitation }: { invitation: InvitationView }) {
  const [t, site] = await Promise.all([getTranslations("tontines.invite"), getTranslations("site")]);
  const { name, code, token } = invitation;
  // Without a language: whoever opens it reads their own.
  const url = siteUrl(`/join/${token}`);
  return (
    <>
      <QrCode text={url} label={t("qr")} className="mx-auto w-full max-w-56 rounded-field" />
      <ShareLink
        label={t("link")}
        url={url}
        text={t("shareText", { name, link: url, code, site: site("name") })}
      />
      <p className="mt-4 text-sm text-muted">
        {t("code", { address: siteUrl("/join").replace(/^https?:\/\//, "") })}
      </p>
      <p className="text-3xl font-bold tracking-widest select-all">{code}</p>
    </>
  );
}

async function ByPhone({ invitation }: { invitation: InvitationView }) {
  const [t, form] = await Promise.all([getTranslations("tontines.invite"), getTranslations("form")]);
  return (
    <FieldsForm
      id="member"
      name="invite-by-phone"
      action={inviteByPhone}
      variant="secondary"
      hidden={{ code: invitation.code }}
      fields={[
        { name: "name", label: t("name"), maxLength: NAME_LENGTH_MAX },
        { name: "phone", label: t("phone"), hint: t("phoneHint"), kind: "phone", optional: form("optional") },
        { name: "shares", label: t("shares"), hint: t("sharesHint"), value: "1", maxLength: 5 },
      ]}
      words={await formWords(t("submit"))}
    />
  );
}
