"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { reportContactChange } from "@/lib/services/identity/contacts/report-contact-change";

/** Field: alarm (the part of the link that nobody can guess). Stops money out of the account; redirects to the page, which says so. */
export const stopMoney = defineAction(
  { name: "stop-money", auth: "public", schema: z.object({ alarm: z.string().max(60) }) },
  async (context, { alarm }) => {
    await reportContactChange(context, alarm);
    redirect(localizedPath(await getLocale(), `/not-me/${encodeURIComponent(alarm)}`));
  },
);
