"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { BALANCE_COOKIE } from "./balance-cookie";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

const choose = defineAction(
  { name: "toggle-balance", auth: "user", schema: z.object({ show: z.enum(["yes", "no"]) }) },
  async (_context, { show }) => {
    const store = await cookies();
    if (show === "yes") store.delete(BALANCE_COOKIE);
    else {
      store.set(BALANCE_COOKIE, "hidden", {
        path: "/",
        httpOnly: true,
        sameSite: "lax",
        maxAge: ONE_YEAR_SECONDS,
      });
    }
    redirect(localizedPath(await getLocale(), "/wallet"));
  },
);

/** Field: show, `yes` or `no`. Keeps the choice in a cookie: a hidden balance isn't sent at all. */
export async function toggleBalance(form: FormData): Promise<void> {
  await choose(null, form);
}
