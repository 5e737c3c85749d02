"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { currentAddress } from "@/lib/next/current-context";
import { defineAction, noFields } from "@/lib/next/define-action";
import { landingLocale } from "@/lib/next/landing-locale";
import { landingPath, withNext } from "@/lib/next/next-path";
import { signInAuthenticated, signInWithGoogleRedirect, signInWithPassword } from "@/lib/next/session";
import {
  authenticateWithPasskey,
  startPasskeySignIn as start,
} from "@/lib/services/identity/passkeys/passkey-sign-in";
import { passkeyAnswer } from "@/lib/services/identity/passkeys/schema";
import { signInSchema } from "@/lib/services/identity/users/schema";

const next = z.string().optional();

/** Fields: identifier (an e-mail address or a phone number), phoneCountry, password, next (where to go afterwards, a path without language). Redirects when it is done. */
export const signIn = defineAction(
  { name: "sign-in", auth: "public", schema: signInSchema.extend({ next }) },
  async (context, { next, ...credentials }) => {
    const outcome = await signInWithPassword(context, credentials);
    if (outcome === "second_step") {
      redirect(withNext(localizedPath(await getLocale(), "/sign-in/code"), next ?? null));
    }
    redirect(landingPath(await landingLocale(), next));
  },
);

/** Field: next. Redirects to Google, or back to the sign-in page with `?error=google_failed`. */
export const signInWithGoogle = defineAction(
  { name: "sign-in-with-google", auth: "public", schema: z.object({ next }) },
  async (_context, { next }) => {
    redirect(await signInWithGoogleRedirect(landingPath(await getLocale(), next)));
  },
);

/** No fields. Answers what the device is asked, for any passkey of this site. */
export const startPasskeySignIn = defineAction(
  { name: "start-passkey-sign-in", auth: "public", schema: noFields },
  async (context) => await start(context, await currentAddress()),
);

/** Fields: passkey (the device's answer), next. Redirects when it is done. */
export const signInWithPasskey = defineAction(
  { name: "sign-in-with-passkey", auth: "public", schema: z.object({ passkey: passkeyAnswer, next }) },
  async (context, { passkey, next }) => {
    const { userId } = await authenticateWithPasskey(context, passkey);
    await signInAuthenticated(context, userId);
    redirect(landingPath(await landingLocale(), next));
  },
);
