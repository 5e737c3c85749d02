"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { LOCALE_COOKIE } from "@/lib/i18n/routing";
import { forgetChoice, keepChoice } from "@/lib/next/choice-cookies";
import { defineAction, noFields } from "@/lib/next/define-action";
import { signOutUser } from "@/lib/next/session";
import { revokeOtherSessions } from "@/lib/services/identity/sessions/revoke-other-sessions";
import { revokeSession as revokeSessionOfUser } from "@/lib/services/identity/sessions/revoke-session";
import {
  localeSchema,
  payableByPhoneSchema,
  profileSchema,
  revokeSessionSchema,
  signOutElsewhereSchema,
} from "@/lib/services/identity/users/schema";
import { setPayableByPhone } from "@/lib/services/identity/users/set-payable-by-phone";
import { updateProfile } from "@/lib/services/identity/users/update-profile";
import { THEME_COOKIE, THEMES } from "@/lib/ui/theme";
import { PHONE_COUNTRY_COOKIE } from "../../phone-country";

const SETTINGS = "/wallet/settings";

/** Fields: firstName, lastName, phone (empty for none; left out, it stays), phoneCountry. Redirects to the settings with `?saved=profile`. */
export const saveProfile = defineAction(
  { name: "save-profile", auth: "user", schema: profileSchema },
  async (context, input) => {
    await updateProfile(context, input);
    if (input.phone !== undefined) await keepChoice(PHONE_COUNTRY_COOKIE, input.phoneCountry);
    redirect(`${localizedPath(await getLocale(), SETTINGS)}?saved=profile`);
  },
);

/** Field: locale. Keeps the choice and redirects to the settings in that language with `?saved=language`. */
export const saveLanguage = defineAction(
  { name: "save-language", auth: "user", schema: localeSchema },
  async (context, { locale }) => {
    await updateProfile(context, { locale });
    // Not by redirecting to the prefixed address: with JavaScript the prefix would stay in the address bar.
    await keepChoice(LOCALE_COOKIE, locale);
    redirect(`${localizedPath(locale, SETTINGS)}?saved=language`);
  },
);

/** Field: payableByPhone (`yes` or `no`). Redirects to the settings with `?saved=payable`. */
export const savePayableByPhone = defineAction(
  { name: "save-payable-by-phone", auth: "user", schema: payableByPhoneSchema },
  async (context, { payableByPhone }) => {
    await setPayableByPhone(context, payableByPhone === "yes");
    redirect(`${localizedPath(await getLocale(), SETTINGS)}?saved=payable`);
  },
);

/** Field: theme. Keeps the choice in this browser, or forgets it for `system`; redirects with `?saved=theme`. */
export const saveTheme = defineAction(
  { name: "save-theme", auth: "user", schema: z.object({ theme: z.enum(THEMES, "invalid") }) },
  async (_context, { theme }) => {
    if (theme === "system") await forgetChoice(THEME_COOKIE);
    else await keepChoice(THEME_COOKIE, theme);
    redirect(`${localizedPath(await getLocale(), SETTINGS)}?saved=theme`);
  },
);

/** Field: sessionId. Ends one of the person's own sessions; redirects to the settings with `?saved=session`. */
export const revokeSession = defineAction(
  { name: "revoke-session", auth: "user", schema: revokeSessionSchema },
  async (context, { sessionId }) => {
    await revokeSessionOfUser(context, sessionId);
    redirect(`${localizedPath(await getLocale(), SETTINGS)}?saved=session`);
  },
);

/** Field: keys (`on` revokes the API keys too). Ends every session but this one; redirects with `?saved=sessions` or `access`. */
export const signOutElsewhere = defineAction(
  { name: "sign-out-elsewhere", auth: "user", schema: signOutElsewhereSchema },
  async (context, { keys }) => {
    const withKeys = keys === "on";
    await revokeOtherSessions(context, { withKeys });
    redirect(`${localizedPath(await getLocale(), SETTINGS)}?saved=${withKeys ? "access" : "sessions"}`);
  },
);

/** No fields. Works with an ended session too: signing out is never refused. */
export const signOut = defineAction({ name: "sign-out", auth: "public", schema: noFields }, async () => {
  await signOutUser();
  redirect(`${localizedPath(await getLocale(), "/sign-in")}?signedOut=1`);
});
