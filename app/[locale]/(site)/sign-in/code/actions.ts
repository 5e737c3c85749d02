"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { landingLocale } from "@/lib/next/landing-locale";
import { landingPath, withNext } from "@/lib/next/next-path";
import { forgetSecondStep, signInAuthenticated, userOfSecondStep } from "@/lib/next/session";
import { checkSecondStep } from "@/lib/services/identity/totp/check-second-step";
import { totpCodeSchema } from "@/lib/services/identity/totp/schema";

/** Fields: code (of the app, or a recovery code), next. Signs in and redirects; back to the sign-in page when it took too long. */
export const finishSignIn = defineAction(
  {
    name: "finish-sign-in",
    auth: "public",
    schema: totpCodeSchema.extend({ next: z.string().optional() }),
  },
  async (context, { code, next }) => {
    const userId = await userOfSecondStep();
    if (userId === null) redirect(withNext(localizedPath(await getLocale(), "/sign-in"), next ?? null));
    await checkSecondStep(context, userId, code);
    await signInAuthenticated(context, userId);
    await forgetSecondStep();
    redirect(landingPath(await landingLocale(), next));
  },
);
