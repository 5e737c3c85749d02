"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { signUpSchema } from "@/lib/services/users/schema";
import { signUp as signUpUser } from "@/lib/services/users/sign-up";
import { currentAddress } from "@/lib/web/client-address";
import { defineAction } from "@/lib/web/define-action";
import { landingPath } from "@/lib/web/landing-path";
import { signInWithPassword } from "@/lib/web/session";

/** The language is the page's; a form can't choose another. */
const schema = signUpSchema.safeExtend({ next: z.string().optional() });

/** Fields: email, password, firstName, lastName, phone, next. Signs in and redirects when it is done. */
export const signUp = defineAction(
  { name: "sign-up", auth: "public", schema },
  async (context, { next, ...input }) => {
    const locale = await getLocale();
    await signUpUser(context, { ...input, locale }, await currentAddress());
    await signInWithPassword(context, { email: input.email, password: input.password });
    redirect(landingPath(locale, next));
  },
);
