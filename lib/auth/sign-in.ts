import { cookies } from "next/headers";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { DEFAULT_LOCALE, splitLocale } from "@/lib/i18n/routing";
import { log } from "@/lib/log";
import type { Context } from "@/lib/services/context";
import type { Credentials } from "@/lib/services/identity/users/authenticate";
import { signIn, signOut } from "./auth";
import { currentSessionId } from "./current-user";
import { endSession } from "./end-session";
import { keepSecondStep } from "./second-step";
import { sessionCookieName } from "./session-cookie";
import { GOOGLE_FAILED, SignInRefused, signInErrorPath } from "./sign-in-error";
import { signUpTicket } from "./sign-up-ticket";

/**
 * Signs the browser of this server action in, always under a new session id; a session that it had before ends. The browser
 * is a known device from then on. `second_step` when the account also takes a code of an app: this browser may give it for five
 * minutes. Throws `invalid_credentials` or `rate_limited`.
 */
export async function signInWithPassword(
  context: Context,
  input: Credentials,
): Promise<"signed_in" | "second_step"> {
  try {
    await signInWithCredentials(context, { ...input });
    return "signed_in";
  } catch (error) {
    const sealed = error instanceof DomainError ? error.details.secondStep : undefined;
    if (sealed === undefined) throw error;
    await keepSecondStep(sealed);
    return "second_step";
  }
}

/** As {@link signInWithPassword}, for somebody who was just made: no try of a password is counted or refused. */
export async function signInAfterSignUp(context: Context, userId: bigint): Promise<void> {
  await signInWithCredentials(context, { ticket: await signUpTicket(userId, config().auth.secret) });
}

/** As {@link signInWithPassword}, for somebody who was authenticated by a passkey, or by password and code. */
export async function signInAuthenticated(context: Context, userId: bigint): Promise<void> {
  const ticket = await signUpTicket(userId, config().auth.secret, false);
  await signInWithCredentials(context, { ticket });
}

async function signInWithCredentials(context: Context, credentials: Record<string, string>): Promise<void> {
  const { isHttps } = config().auth;
  const readCookie = async () => (await cookies()).get(sessionCookieName(isHttps))?.value;
  const cookieBefore = await readCookie();
  const sessionBefore = await currentSessionId();
  try {
    await signIn("credentials", { ...credentials, redirect: false });
  } catch (error) {
    throw error instanceof SignInRefused ? error.refusal : error;
  }
  // With certain request headers next-auth answers a refusal as a success: only a new cookie proves the sign-in.
  if ((await readCookie()) === cookieBefore) throw new DomainError("invalid_credentials");
  if (sessionBefore !== null) await endSession(context, sessionBefore);
}

/**
 * Where to send the browser of this server action for signing in with Google; it comes back to `path`, which names
 * its language. When Google can't be reached that is our sign-in page, which says so. Throws `unavailable` when off.
 */
export async function signInWithGoogleRedirect(path: string): Promise<string> {
  const { google, origin } = config().auth;
  if (google === null) throw new DomainError("unavailable");
  const failed = signInErrorPath(splitLocale(path).locale ?? DEFAULT_LOCALE, GOOGLE_FAILED);
  try {
    const url: unknown = await signIn("google", { redirect: false, redirectTo: path });
    return typeof url === "string" && !url.startsWith(`${origin}/`) ? url : failed;
  } catch (error) {
    log.warn({ kind: error instanceof Error ? error.name : "unknown" }, "Google can't be reached");
    return failed;
  }
}

/** True when the sign-in page may offer Google. */
export function isGoogleEnabled(): boolean {
  return config().auth.google !== null;
}

/** Ends the session of this server action's browser and takes its cookie back. */
export async function signOutUser(): Promise<void> {
  await signOut({ redirect: false });
}
