"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { defineAction } from "@/lib/next/define-action";
import { landingLocale } from "@/lib/next/landing-locale";
import { landingPath } from "@/lib/next/next-path";
import { signInWithGoogleRedirect, signInWithPassword } from "@/lib/next/session";
import { signInSchema } from "@/lib/services/identity/users/schema";

const next = z.string().optional();

/** Fields: identifier (an e-mail address or a phone number), phoneCountry, password, next (where to go afterwards, a path without language). Redirects when it is done. */
export const signIn = defineAction(
  { name: "sign-in", auth: "public", schema: signInSchema.extend({ next }) },
  async (context, { next, ...credentials }) => {
    await signInWithPassword(context, credentials);
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
