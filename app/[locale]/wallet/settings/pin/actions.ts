"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { landingPath, nextOf } from "@/lib/next/next-path";
import { setPinSchema } from "@/lib/services/identity/pin/schema";
import { setPin } from "@/lib/services/identity/pin/set-pin";

/**
 * Fields: pin, pinAgain, currentPin or password, version, next. Redirects to `next`, or to the settings with
 * `?saved=pin`; or to the PIN page with `?already=1` where another submission has done it already.
 */
export const savePin = defineAction(
  { name: "save-pin", auth: "user", schema: setPinSchema },
  async (context, { next, pinAgain: _, ...input }) => {
    const { changed } = await setPin(context, input);
    const locale = await getLocale();
    const path = nextOf({ next });
    if (path !== null) redirect(landingPath(locale, path));
    redirect(
      localizedPath(locale, changed ? "/wallet/settings?saved=pin" : "/wallet/settings/pin?already=1"),
    );
  },
);
