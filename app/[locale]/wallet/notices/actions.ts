"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { markNoticesRead } from "@/lib/services/notice-delivery/mark-notices-read";
import { markReadSchema } from "@/lib/services/notice-delivery/schema";

/** Field: upTo (the newest notice that was shown). Redirects to the notices. */
export const markRead = defineAction(
  { name: "mark-notices-read", auth: "user", schema: markReadSchema },
  async (context, input) => {
    await markNoticesRead(context, input);
    redirect(`${localizedPath(await getLocale(), "/wallet/notices")}?read=1`);
  },
);
