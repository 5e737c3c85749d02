"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { landingPath } from "@/lib/next/landing-path";
import { nextOf } from "@/lib/next/next-path";
import { setPinSchema } from "@/lib/services/identity/pin/schema";
import { setPin } from "@/lib/services/identity/pin/set-pin";

/**
 * Fields: pin, pinAgain, currentPin or password, version, next. Redirects to `next`, or to the settings with
 * `?saved=pin`; what another tap has done already is said on this page, with `?already=1`.
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
