"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { THEME_COOKIE, THEMES } from "@/lib/ui/theme";
import { defineAction } from "@/lib/web/define-action";
import { servedOverHttps } from "@/lib/web/web.env";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Field: theme. Keeps the choice in this browser, or forgets it for `system`; redirects with `?saved=theme`. */
export const saveTheme = defineAction(
  { name: "save-theme", auth: "user", schema: z.object({ theme: z.enum(THEMES, "invalid") }) },
  async (_context, { theme }) => {
    const store = await cookies();
    if (theme === "system") store.delete(THEME_COOKIE);
    else {
      store.set(THEME_COOKIE, theme, {
        path: "/",
        maxAge: ONE_YEAR_SECONDS,
        sameSite: "lax",
        httpOnly: true,
        secure: servedOverHttps(),
      });
    }
    redirect(`${localizedPath(await getLocale(), "/wallet/settings")}?saved=theme`);
  },
);
