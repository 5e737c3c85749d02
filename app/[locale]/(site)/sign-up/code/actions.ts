"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { currentNetworks } from "@/lib/next/current-context";
import { defineAction } from "@/lib/next/define-action";
import { withNext } from "@/lib/next/next-path";
import { forgetStartedSignUp, startedSignUpId } from "@/lib/next/sign-up-cookie";
import type { Context } from "@/lib/services/context";
import {
  finishSignUp,
  finishSignUpWithMove,
  type SignUpOutcome,
} from "@/lib/services/identity/users/finish-sign-up";
import { codeSchema, otherAddressSchema } from "@/lib/services/identity/users/schema";
import { continueSignUpByEmail, resendSignUpCode } from "@/lib/services/identity/users/started-sign-up";
import { enter } from "../enter";

const next = z.object({ next: z.string().optional() });

async function codePath(nextPath: string | undefined, sent = false): Promise<string> {
  const path = withNext(localizedPath(await getLocale(), "/sign-up/code"), nextPath ?? null);
  return sent ? `${path}${path.includes("?") ? "&" : "?"}sent=1` : path;
}

async function goOn(context: Context, outcome: SignUpOutcome, nextPath: string | undefined): Promise<never> {
  if (outcome.status === "belongs_to_other") redirect(await codePath(nextPath));
  const path = await enter(context, outcome.userId, { locale: await getLocale(), next: nextPath });
  await forgetStartedSignUp();
  redirect(path);
}

/** Fields: code, next. Makes the account and signs in; asks on the same page where the number belongs to an older account. */
export const confirmCode = defineAction(
  { name: "confirm-sign-up-code", auth: "public", schema: codeSchema.extend(next.shape) },
  async (context, { code, next }) =>
    await goOn(context, await finishSignUp(context, { signUpId: await startedSignUpId(), code }), next),
);

/** Field: next. Makes a new account with the number of an older one, after the right code. */
export const startNewAccount = defineAction(
  { name: "start-new-account", auth: "public", schema: next },
  async (context, { next }) =>
    await goOn(context, await finishSignUpWithMove(context, { signUpId: await startedSignUpId() }), next),
);

/** Field: next. Redirects to the page with `?sent=1`. */
export const resendCode = defineAction(
  { name: "resend-sign-up-code", auth: "public", schema: next },
  async (context, { next }) => {
    await resendSignUpCode(context, { signUpId: await startedSignUpId(), networks: await currentNetworks() });
    redirect(await codePath(next, true));
  },
);

/** Fields: email, next. Sends a code to an e-mail address instead; redirects to the page with `?sent=1`. */
export const sendCodeByEmail = defineAction(
  { name: "sign-up-code-by-email", auth: "public", schema: otherAddressSchema.extend(next.shape) },
  async (context, { email, next }) => {
    const networks = await currentNetworks();
    await continueSignUpByEmail(context, { signUpId: await startedSignUpId(), email, networks });
    redirect(await codePath(next, true));
  },
);
