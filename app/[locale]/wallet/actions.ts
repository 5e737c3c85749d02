"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { BALANCE_COOKIE, forgetChoice, keepChoice } from "@/lib/next/choice-cookies";
import { defineAction } from "@/lib/next/define-action";

/** Field: show, `yes` or `no`. Keeps the choice in a cookie: a hidden balance isn't sent at all. */
export const toggleBalance = defineAction(
  { name: "toggle-balance", auth: "user", schema: z.object({ show: z.enum(["yes", "no"]) }) },
  async (_context, { show }) => {
    if (show === "yes") await forgetChoice(BALANCE_COOKIE);
    else await keepChoice(BALANCE_COOKIE, "hidden");
    redirect(localizedPath(await getLocale(), "/wallet"));
  },
);
