"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { confirmTotp as confirm } from "@/lib/services/identity/totp/confirm-totp";
import { disableTotp as disable } from "@/lib/services/identity/totp/disable-totp";
import { disableTotpSchema, totpCodeSchema, totpPasswordSchema } from "@/lib/services/identity/totp/schema";
import { startTotp as start } from "@/lib/services/identity/totp/start-totp";

const PATH = "/wallet/settings/totp";

/** Field: password. Redirects to the page, which then shows what the app is given. */
export const startTotp = defineAction(
  { name: "start-totp", auth: "user", schema: totpPasswordSchema },
  async (context, { password }) => {
    await start(context, password);
    redirect(localizedPath(await getLocale(), PATH));
  },
);

/** Field: code. Answers the recovery codes instead of redirecting: they are shown once, and never in an address. */
export const confirmTotp = defineAction(
  { name: "confirm-totp", auth: "user", schema: totpCodeSchema },
  async (context, { code }) => await confirm(context, code),
);

/** Fields: password, code. Redirects to the page with `?saved=off`. */
export const disableTotp = defineAction(
  { name: "disable-totp", auth: "user", schema: disableTotpSchema },
  async (context, input) => {
    await disable(context, input);
    redirect(`${localizedPath(await getLocale(), PATH)}?saved=off`);
  },
);
