import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { formatPhone } from "@/lib/phone";
import {
  type AddedContact,
  contactKindOf,
  getAddedContact,
} from "@/lib/services/identity/contacts/add-contact";
import type { ContactKind } from "@/lib/services/identity/contacts/contact";
import { getProfile } from "@/lib/services/identity/users/get-profile";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { CodeForm } from "@/lib/ui/code-form.client";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import type { FormField } from "@/lib/ui/typed-field";
import { phoneCountryChoice } from "../../../../phone-country";
import { safePage } from "../../../../safe-page";
import { ownerSecretFields } from "../../../owner-secret-fields";
import { addEmail, addPhone, confirmContact, moveContact, resendContact } from "./actions";

interface ContactPageProps {
  params: Promise<{ kind: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("contact") };
}

/** Adds or verifies the person's number or address: first which one, then the code that was sent to it. */
export default safePage(async function ContactPage({ params, searchParams }: ContactPageProps) {
  const [locale, { kind: named }, query] = await Promise.all([getLocale(), params, searchParams]);
  await requireUserOrRedirect(locale);
  const kind = contactKindOf(named);
  if (kind === null) notFound();
  const challengeId = typeof query.challenge === "string" ? query.challenge : "";
  const added = await getAddedContact(await currentContext(), challengeId);
  return (
    <PageShell width="form" hasBar={false}>
      {added === null && <WhichContact kind={kind} isOther={query.other !== undefined} />}
      {added?.isProven === false && (
        <CodeEntry added={added} challengeId={challengeId} isSent={query.sent !== undefined} />
      )}
      {added?.isProven && <OtherAccount added={added} challengeId={challengeId} />}
    </PageShell>
  );
});

async function BackHeading({ title, lead }: { title: string; lead?: string }) {
  const [locale, shell] = await Promise.all([getLocale(), getTranslations("shell")]);
  const back = { href: localizedPath(locale, "/wallet/settings"), label: shell("back") };
  return <PageHeading title={title} back={back} {...(lead !== undefined && { lead })} />;
}

async function WhichContact({ kind, isOther }: { kind: ContactKind; isOther: boolean }) {
  const context = await currentContext();
  const [t, form, profile] = await Promise.all([
    getTranslations("contacts"),
    getTranslations("form"),
    getProfile(context),
  ]);
  const value = kind === "phone" ? profile.phone : profile.email;
  const isVerified = kind === "phone" ? profile.isPhoneVerified : profile.isEmailVerified;
  if (!isVerified && kind === "email" && value !== null && !isOther) return <OwnAddress email={value} />;
  const contact = kind === "phone" ? await phoneFields(isVerified ? null : value) : await emailFields();
  const secret = await ownerSecretFields();
  const way = isVerified ? "change" : value === null ? "add" : "verify";
  return (
    <>
      <BackHeading title={t(`${way}.${kind}`)} lead={t(`lead.${kind}`)} />
      {isVerified && <Notice tone="waiting">{t(`changeText.${kind}`)}</Notice>}
      <FieldsForm
        id="contact"
        name={kind === "phone" ? "add-phone" : "add-email"}
        action={kind === "phone" ? addPhone : addEmail}
        hidden={{}}
        fields={[...contact, ...secret]}
        words={{ submit: t("send"), pending: form("pending"), amountReasons: {} }}
      />
    </>
  );
}

async function phoneFields(phone: string | null): Promise<FormField[]> {
  const [t, form, { country, countries }] = await Promise.all([
    getTranslations("settings"),
    getTranslations("form"),
    phoneCountryChoice(phone),
  ]);
  return [
    { name: "phoneCountry", label: form("country"), options: countries, value: country },
    { name: "phone", label: t("phone"), kind: "phone", value: phone === null ? "" : formatPhone(phone) },
  ];
}

async function emailFields(): Promise<FormField[]> {
  const t = await getTranslations("settings");
  return [{ name: "email", label: t("email"), kind: "email" }];
}

/** The address that the account signed up with: only a code is asked for. */
async function OwnAddress({ email }: { email: string }) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("contacts"),
    getTranslations("form"),
  ]);
  return (
    <>
      <BackHeading title={t("verify.email")} lead={t("leadOwn", { contact: email })} />
      <ActionForm name="add-email" action={addEmail} hidden={{ email }}>
        <SubmitButton wide pendingLabel={form("pending")}>
          {t("send")}
        </SubmitButton>
      </ActionForm>
      <ButtonLink
        variant="link"
        wide
        className="mt-3"
        href={localizedPath(locale, "/wallet/settings/contact/email?other=1")}
      >
        {t("otherAddress")}
      </ButtonLink>
    </>
  );
}

const shown = ({ contact }: AddedContact) =>
  contact.kind === "phone" ? formatPhone(contact.value) : contact.value;

interface ChallengeProps {
  added: AddedContact;
  challengeId: string;
}

async function CodeEntry({ added, challengeId, isSent }: ChallengeProps & { isSent: boolean }) {
  const [t, codes, form] = await Promise.all([
    getTranslations("contacts"),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  const { kind } = added.contact;
  return (
    <>
      <BackHeading title={codes(`heading.${kind}`)} lead={codes(`lead.${kind}`, { contact: shown(added) })} />
      {isSent && (
        <Notice tone="good" live>
          {codes("sentAgain")}
        </Notice>
      )}
      <CodeForm
        name="confirm-contact"
        action={confirmContact}
        hidden={{ challengeId }}
        words={{ code: codes("code"), hint: codes("hint"), submit: t("confirm"), pending: form("pending") }}
      />
      <div className="mt-6">
        <ActionForm name="resend-contact-code" action={resendContact} hidden={{ challengeId }}>
          <p className="mb-2 text-muted">{codes("notReceived")}</p>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {codes("resend")}
          </SubmitButton>
        </ActionForm>
      </div>
    </>
  );
}

async function OtherAccount({ added, challengeId }: ChallengeProps) {
  const [locale, t, codes, form] = await Promise.all([
    getLocale(),
    getTranslations("contacts"),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  const { kind } = added.contact;
  return (
    <>
      <BackHeading
        title={codes(`older.heading.${kind}`)}
        lead={t(`moveText.${kind}`, { contact: shown(added) })}
      />
      <ButtonLink wide href={localizedPath(locale, "/wallet/settings")}>
        {t("keep")}
      </ButtonLink>
      <div className="mt-4">
        <ActionForm name="move-contact" action={moveContact} hidden={{ challengeId }}>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t(`move.${kind}`)}
          </SubmitButton>
        </ActionForm>
      </div>
    </>
  );
}
