"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { THEME_COOKIE, THEMES } from "@/lib/ui/theme";
import { keepChoice } from "./keep-choice";

/** Field: theme. Keeps the choice in this browser, or forgets it for `system`; redirects with `?saved=theme`. */
export const saveTheme = defineAction(
  { name: "save-theme", auth: "user", schema: z.object({ theme: z.enum(THEMES, "invalid") }) },
  async (_context, { theme }) => {
    if (theme === "system") (await cookies()).delete(THEME_COOKIE);
    else await keepChoice(THEME_COOKIE, theme);
    redirect(`${localizedPath(await getLocale(), "/wallet/settings")}?saved=theme`);
  },
);
