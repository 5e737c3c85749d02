"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { keepChoice } from "@/lib/next/choice-cookies";
import { currentNetworks } from "@/lib/next/current-context";
import { defineAction } from "@/lib/next/define-action";
import { landingPath, withNext } from "@/lib/next/next-path";
import { signInWithPassword } from "@/lib/next/session";
import { keepStartedSignUp } from "@/lib/next/sign-up-cookie";
import type { Context } from "@/lib/services/context";
import { isContactAvailable, isPhoneSignUp } from "@/lib/services/identity/contacts/is-contact-available";
import { signUpFormSchema } from "@/lib/services/identity/users/schema";
import { signUp as signUpUser } from "@/lib/services/identity/users/sign-up";
import { startSignUp, startSignUpByEmail } from "@/lib/services/identity/users/start-sign-up";
import { PHONE_COUNTRY_COOKIE } from "../../phone-country";
import { enter } from "./enter";

/** The language is the page's; a form can't choose another. */
const schema = signUpFormSchema.safeExtend({ next: z.string().optional() });

const isTaken = (error: unknown) => error instanceof DomainError && error.code === "email_taken";

async function canSignIn(
  context: Context,
  { email, password }: { email: string; password: string },
): Promise<boolean> {
  try {
    await signInWithPassword(context, { identifier: email, password });
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/**
 * Fields: firstName, lastName, phone, phoneCountry, email, password, next. With a number where SMS can be sent: redirects to the page that
 * asks for the code. With an e-mail address alone: signs in and redirects.
 */
export const signUp = defineAction(
  { name: "sign-up", auth: "public", schema },
  async (context, { next, ...form }) => {
    const [locale, networks] = await Promise.all([getLocale(), currentNetworks()]);
    const input = { ...form, locale };
    const { email, password, phone, phoneCountry } = input;
    await keepChoice(PHONE_COUNTRY_COOKIE, phoneCountry);
    const codePath = withNext(localizedPath(locale, "/sign-up/code"), next ?? null);
    if (email === null || (isPhoneSignUp() && phone.trim() !== "")) {
      await keepStartedSignUp((await startSignUp(context, input, networks)).signUpId);
      redirect(codePath);
    }
    let userId: bigint;
    try {
      ({ userId } = await signUpUser(context, { ...input, email }, networks));
    } catch (error) {
      if (!isTaken(error)) throw error;
      // A double tap, or a forgotten account: the right password signs in.
      if (await canSignIn(context, { email, password })) redirect(landingPath(locale, next));
      if (!isContactAvailable("email")) throw error;
      await keepStartedSignUp((await startSignUpByEmail(context, input, networks)).signUpId);
      redirect(codePath);
    }
    redirect(await enter(context, userId, { locale, next }));
  },
);
