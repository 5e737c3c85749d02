"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { log } from "@/lib/log";
import { keepChoice } from "@/lib/next/choice-cookies";
import { currentNetworks } from "@/lib/next/current-context";
import { defineAction } from "@/lib/next/define-action";
import { landingPath, withNext } from "@/lib/next/next-path";
import { signInAfterSignUp, signInWithPassword } from "@/lib/next/session";
import type { Context } from "@/lib/services/context";
import { signUpSchema } from "@/lib/services/identity/users/schema";
import { signUp as signUpUser } from "@/lib/services/identity/users/sign-up";
import { PHONE_COUNTRY_COOKIE } from "../../phone-country";

/** The language is the page's; a form can't choose another. */
const schema = signUpSchema.safeExtend({ next: z.string().optional() });

const isTaken = (error: unknown) => error instanceof DomainError && error.code === "email_taken";

async function canSignIn(context: Context, input: { email: string; password: string }): Promise<boolean> {
  try {
    await signInWithPassword(context, input);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** The account exists by now: what fails afterwards may not be answered as if nothing was done. */
async function canEnter(context: Context, userId: bigint): Promise<boolean> {
  try {
    await signInAfterSignUp(context, userId);
    return true;
  } catch (error) {
    log.error({ requestId: context.requestId, err: error }, "a new user could not be signed in");
    return false;
  }
}

/** The sign-in page, which says that the account was made. */
function signedUpPath(locale: Locale, next: string | undefined): string {
  const path = withNext(localizedPath(locale, "/sign-in"), next ?? null);
  return `${path}${path.includes("?") ? "&" : "?"}signedUp=1`;
}

/** Fields: email, password, firstName, lastName, phone, phoneCountry, next. Signs in and redirects when it is done. */
export const signUp = defineAction(
  { name: "sign-up", auth: "public", schema },
  async (context, { next, ...input }) => {
    const locale = await getLocale();
    const { email, password, phoneCountry } = input;
    await keepChoice(PHONE_COUNTRY_COOKIE, phoneCountry);
    let userId: bigint;
    try {
      ({ userId } = await signUpUser(context, { ...input, locale }, await currentNetworks()));
    } catch (error) {
      // A double tap, or a forgotten account: the right password signs in.
      if (!isTaken(error) || !(await canSignIn(context, { email, password }))) throw error;
      redirect(landingPath(locale, next));
    }
    redirect((await canEnter(context, userId)) ? landingPath(locale, next) : signedUpPath(locale, next));
  },
);
