"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { changePassword } from "@/lib/services/identity/users/change-password";
import { changePasswordSchema } from "@/lib/services/identity/users/schema";

/** Fields: currentPassword, password. Redirects to the settings with `?saved=password`. */
export const savePassword = defineAction(
  { name: "save-password", auth: "user", schema: changePasswordSchema },
  async (context, input) => {
    await changePassword(context, input);
    redirect(`${localizedPath(await getLocale(), "/wallet/settings")}?saved=password`);
  },
);
