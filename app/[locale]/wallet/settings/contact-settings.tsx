import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatPhone } from "@/lib/phone";
import type { ContactKind } from "@/lib/services/identity/contacts/contact";
import { isContactAvailable } from "@/lib/services/identity/contacts/is-contact-available";
import type { Profile } from "@/lib/services/identity/users/get-profile";
import { ButtonLink } from "@/lib/ui/button";
import { ReceiptRows } from "@/lib/ui/receipt-rows";

interface ShownContact {
  kind: ContactKind;
  value: string | null;
  isVerified: boolean;
}

function contactsOf(profile: Profile): ShownContact[] {
  const { phone, email, isPhoneVerified, isEmailVerified } = profile;
  return [
    { kind: "phone", value: phone && formatPhone(phone), isVerified: isPhoneVerified },
    { kind: "email", value: email, isVerified: isEmailVerified },
  ];
}

/** The person's number and address, each with its state, and a way to add, verify or change it where codes can be sent. */
export async function ContactSettings({ profile }: { profile: Profile }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("contacts")]);
  const contacts = contactsOf(profile);
  const reachable = contacts.filter(({ kind }) => isContactAvailable(kind));
  const rows = contacts.map(({ kind, value, isVerified }) => ({
    label: t(`kind.${kind}`),
    value:
      value === null ? t("none") : <Value value={value} state={t(isVerified ? "verified" : "unverified")} />,
  }));
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{t("text")}</p>
      <ReceiptRows rows={rows} />
      <div className="mt-3 grid gap-3">
        {reachable.map(({ kind, value, isVerified }) => (
          <ButtonLink
            key={kind}
            variant="secondary"
            wide
            href={localizedPath(locale, `/wallet/settings/contact/${kind}`)}
          >
            {t(`${isVerified ? "change" : value === null ? "add" : "verify"}.${kind}`)}
          </ButtonLink>
        ))}
      </div>
    </>
  );
}

function Value({ value, state }: { value: string; state: string }) {
  return (
    <>
      <span>{value}</span> <span className="text-sm font-normal text-muted">({state})</span>
    </>
  );
}
