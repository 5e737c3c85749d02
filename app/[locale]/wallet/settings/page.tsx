import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { LOCALES } from "@/lib/i18n/routing";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { formatPhone } from "@/lib/phone";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { contactKindOf } from "@/lib/services/identity/contacts/add-contact";
import { isPhoneSignUp } from "@/lib/services/identity/contacts/is-contact-available";
import { getPinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { listSessions } from "@/lib/services/identity/sessions/list-sessions";
import { getProfile, type Profile } from "@/lib/services/identity/users/get-profile";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { ChoiceForm } from "@/lib/ui/choice-form.client";
import { Columns } from "@/lib/ui/columns";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { parseTheme, THEME_COOKIE, THEMES } from "@/lib/ui/theme";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { phoneCountryChoice } from "../../phone-country";
import { safePage } from "../../safe-page";
import { saveLanguage, saveTheme, signOut } from "./actions";
import { ContactSettings } from "./contact-settings";
import { KeySettings } from "./key-settings";
import { PasskeySettings } from "./passkey-settings";
import { PayableByPhone } from "./payable-by-phone";
import { ProfileForm } from "./profile-form.client";
import { SessionList } from "./session-list";
import { TotpSettings } from "./totp-settings";

interface SettingsPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("settings") };
}

/** Profile, appearance, language, PIN and sessions. */
export default safePage(async function SettingsPage({ searchParams }: SettingsPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const [t, titles, shell, contacts, profile, keys, sessions, { saved }] = await Promise.all([
    getTranslations("settings"),
    getTranslations("titles"),
    getTranslations("shell"),
    getTranslations("contacts"),
    getProfile(context),
    listApiKeys(context),
    listSessions(context),
    searchParams,
  ]);
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      {saved !== undefined && <SavedNotice saved={saved} />}
      <Columns
        side={
          <>
            <Section heading={t("preferences")}>
              <div className="mt-3 grid gap-7">
                <LanguageSettings />
                <ThemeSettings />
              </div>
            </Section>
            <Section heading={t("sessions.heading")}>
              <SessionList sessions={sessions} hasKeys={keys.some(({ isActive }) => isActive)} />
            </Section>
            <SignOut />
          </>
        }
      >
        <ReceiptRows rows={[{ label: t("walletNumber"), value: groupWalletNumber(profile.walletNumber) }]} />
        <Section heading={contacts("heading")}>
          <ContactSettings profile={profile} />
        </Section>
        <Section heading={t("profile")}>
          <ProfileSettings profile={profile} />
          <PayableByPhone profile={profile} />
        </Section>
        <Section heading={titles("password")}>
          <PasswordSettings hasPassword={profile.hasPassword} />
        </Section>
        <Section heading={titles("pin")}>
          <PinSettings />
        </Section>
        <Section heading={titles("passkeys")}>
          <PasskeySettings />
        </Section>
        <Section heading={titles("totp")}>
          <TotpSettings />
        </Section>
        <Section heading={t("notices")}>
          <p className="mt-1 mb-3 text-muted">{t("noticesText")}</p>
          <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/settings/notices")}>
            {t("noticesOpen")}
          </ButtonLink>
        </Section>
        <Section heading={t("keys")}>
          <KeySettings keys={keys} />
        </Section>
      </Columns>
    </PageShell>
  );
});

async function SavedNotice({ saved }: { saved: Query[string] }) {
  const t = await getTranslations("settings");
  const ended = {
    session: "ended",
    sessions: "endedOthers",
    access: "endedAll",
    password: "endedByPassword",
    recovered: "endedByRecovery",
  } as const;
  const key = Object.entries(ended).find(([name]) => name === saved)?.[1];
  const kind = typeof saved === "string" ? contactKindOf(saved) : null;
  const contacts = await getTranslations("contacts");
  if (kind !== null) {
    return (
      <Notice tone="good" live>
        {contacts(`saved.${kind}`)}
      </Notice>
    );
  }
  return (
    <Notice tone="good" live>
      {key === undefined ? t("saved") : t(`sessions.${key}`)}
    </Notice>
  );
}

async function ProfileSettings({ profile }: { profile: Profile }) {
  const { firstName, lastName, phone, isPhoneVerified } = profile;
  const [t, form, fields, { country, countries }] = await Promise.all([
    getTranslations("settings"),
    getTranslations("form"),
    getTranslations("fields"),
    phoneCountryChoice(phone),
  ]);
  return (
    <div className="mt-3">
      <ProfileForm
        hasPhone={!isPhoneVerified && !isPhoneSignUp()}
        profile={{
          firstName,
          lastName,
          phone: phone === null ? "" : formatPhone(phone),
          phoneCountry: country,
        }}
        countries={countries}
        words={{
          firstName: t("firstName"),
          nameRequired: fields("first_name_required"),
          lastName: t("lastName"),
          optional: form("optional"),
          country: form("country"),
          phone: t("phone"),
          phoneHint: t("phoneHint"),
          phoneInvalid: fields("phone_invalid"),
          submit: t("save"),
          pending: form("pending"),
        }}
      />
    </div>
  );
}

async function PasswordSettings({ hasPassword }: { hasPassword: boolean }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("password")]);
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{t(hasPassword ? "isSet" : "isNotSet")}</p>
      <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/settings/password")}>
        {t(hasPassword ? "heading" : "headingFirst")}
      </ButtonLink>
    </>
  );
}

async function PinSettings() {
  const [locale, t, { isSet }] = await Promise.all([
    getLocale(),
    getTranslations("pin"),
    getPinStatus(await currentContext()),
  ]);
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{t(isSet ? "isSet" : "isNotSet")}</p>
      <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/settings/pin")}>
        {t(isSet ? "headingChange" : "heading")}
      </ButtonLink>
    </>
  );
}

async function LanguageSettings() {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("settings"),
    getTranslations("form"),
  ]);
  const choices = LOCALES.map((value) => ({ value, label: t(`languages.${value}`) }));
  return (
    <ChoiceForm
      name="save-language"
      action={saveLanguage}
      field="locale"
      label={t("language")}
      choices={choices}
      selected={locale}
      sideBySide
      submit={t("saveLanguage")}
      pending={form("pending")}
    />
  );
}

async function ThemeSettings() {
  const [t, form, store] = await Promise.all([
    getTranslations("settings"),
    getTranslations("form"),
    cookies(),
  ]);
  const theme = parseTheme(store.get(THEME_COOKIE)?.value);
  const choices = THEMES.map((value) => ({ value, label: t(`themes.${value}`) }));
  return (
    <ChoiceForm
      name="save-theme"
      action={saveTheme}
      field="theme"
      label={t("theme")}
      choices={choices}
      selected={theme}
      submit={t("saveTheme")}
      pending={form("pending")}
    />
  );
}

async function SignOut() {
  const [t, form] = await Promise.all([getTranslations("settings"), getTranslations("form")]);
  return (
    <div className="mt-10 border-t border-line pt-5">
      <ActionForm name="sign-out" action={signOut}>
        <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
          {t("signOut")}
        </SubmitButton>
      </ActionForm>
      <p className="mt-2 text-center text-sm text-muted">{t("signOutHint")}</p>
    </div>
  );
}
