"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { currentNetworks } from "@/lib/next/current-context";
import { defineAction, noFields } from "@/lib/next/define-action";
import { recoveryCookie } from "@/lib/next/recovery-cookie";
import { currentDevice, signInWithPassword } from "@/lib/next/session";
import type { Context } from "@/lib/services/context";
import { finishRecovery } from "@/lib/services/identity/recovery/finish-recovery";
import {
  checkOtherCode,
  checkRecoveryCode,
  resendRecoveryCode,
  sendOtherCode,
} from "@/lib/services/identity/recovery/recovery-codes";
import { startRecovery } from "@/lib/services/identity/recovery/start-recovery";
import {
  codeSchema,
  forgottenPasswordSchema,
  recoverPasswordSchema,
} from "@/lib/services/identity/users/schema";

const FORGOT = "/sign-in/forgot";

const pathTo = async (step: string) => localizedPath(await getLocale(), `${FORGOT}${step}`);

/** Fields: identifier (an e-mail address or a phone number), phoneCountry. Redirects to the page that asks for the code, whoever it is. */
export const forgotPassword = defineAction(
  { name: "forgot-password", auth: "public", schema: forgottenPasswordSchema },
  async (context, typed) => {
    const [locale, networks] = await Promise.all([getLocale(), currentNetworks()]);
    const { recoveryId } = await startRecovery(context, { ...typed, locale, networks });
    await recoveryCookie.keep(recoveryId);
    redirect(await pathTo("/code"));
  },
);

/** Field: code. Redirects to the page that asks for what else is needed and the new password. */
export const confirmRecoveryCode = defineAction(
  { name: "confirm-recovery-code", auth: "public", schema: codeSchema },
  async (context, { code }) => {
    await checkRecoveryCode(context, { recoveryId: await recoveryCookie.read(), code });
    redirect(await pathTo("/password"));
  },
);

/** No fields. Sends the first code again; redirects to its page with `?sent=1`. */
export const resendCode = defineAction(
  { name: "resend-recovery-code", auth: "public", schema: noFields },
  async (context) => {
    const [locale, networks] = await Promise.all([getLocale(), currentNetworks()]);
    await resendRecoveryCode(context, { recoveryId: await recoveryCookie.read(), networks, locale });
    redirect(`${await pathTo("/code")}?sent=1`);
  },
);

/** No fields. Sends a code to the account's other contact; redirects to the page, which asks for it. */
export const sendSecondCode = defineAction(
  { name: "send-second-code", auth: "public", schema: noFields },
  async (context) => {
    await sendOtherCode(context, {
      recoveryId: await recoveryCookie.read(),
      networks: await currentNetworks(),
    });
    redirect(await pathTo("/password"));
  },
);

/** Field: code. The code that went to the other contact; redirects to the page, which asks for no more. */
export const confirmSecondCode = defineAction(
  { name: "confirm-second-code", auth: "public", schema: codeSchema },
  async (context, { code }) => {
    await checkOtherCode(context, { recoveryId: await recoveryCookie.read(), code });
    redirect(await pathTo("/password"));
  },
);

/** Fields: password, pin. Replaces the password and signs in; redirects to the account, or to the sign-in page with `?recovered=1`. */
export const recoverPassword = defineAction(
  { name: "recover-password", auth: "public", schema: recoverPasswordSchema },
  async (context, { password, pin }) => {
    const [recoveryId, device] = await Promise.all([recoveryCookie.read(), currentDevice()]);
    const { identifier } = await finishRecovery(context, { recoveryId, password, pin, device });
    await recoveryCookie.forget();
    const isIn = await canSignIn(context, { identifier, password });
    const path = isIn ? "/wallet/settings?saved=recovered" : "/sign-in?recovered=1";
    redirect(localizedPath(await getLocale(), path));
  },
);

/** The password is replaced by now: what is refused here may not be answered as if nothing was done. */
async function canSignIn(
  context: Context,
  credentials: { identifier: string; password: string },
): Promise<boolean> {
  try {
    await signInWithPassword(context, credentials);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
