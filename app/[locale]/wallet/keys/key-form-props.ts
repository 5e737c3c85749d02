import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { API_KEY_EXPIRIES, type ApiPermission } from "@/lib/services/api-access/keys/schema";

/** The permissions in the form's order: the least risky first. */
const IN_ORDER: ApiPermission[] = ["read", "deposit", "transfer", "withdraw", "tontine:read", "tontine:pay"];

/** The form's texts in the page's language; client components get no message catalogue. */
export async function keyFormProps(submit: string) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("keys"),
    getTranslations("form"),
  ]);
  return {
    permissions: IN_ORDER.map((name) => ({
      name,
      label: t(`permissions.${name}.label`),
      note: t(`permissions.${name}.note`),
    })),
    expiries: API_KEY_EXPIRIES.map((value) => ({ value, label: t(`expiries.${value}`) })),
    back: localizedPath(locale, "/wallet/keys"),
    words: {
      name: t("name"),
      nameHint: t("nameHint"),
      permissions: t("permissionsLabel"),
      expiry: t("expiry"),
      submit,
      pending: form("pending"),
      done: t("shown.heading"),
      once: t("shown.once"),
      knownHeading: t("shown.knownHeading"),
      known: t("shown.known"),
      knownBack: t("shown.knownBack"),
      key: t("shown.key"),
      copy: t("shown.copy"),
      copied: t("shown.copied"),
      examples: t("shown.examples"),
      examplesHint: t("shown.examplesHint"),
      back: t("shown.back"),
    },
  };
}
