import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { log } from "@/lib/log";
import { landingPath, withNext } from "@/lib/next/next-path";
import { signInAfterSignUp } from "@/lib/next/session";
import type { Context } from "@/lib/services/context";

/**
 * Signs a new user in. Answers where to go: to `next`, or to the sign-in page, which says that the account was made. The account exists by
 * now: what fails here may not be answered as if nothing was done.
 */
export async function enter(
  context: Context,
  userId: bigint,
  { locale, next }: { locale: Locale; next: string | undefined },
): Promise<string> {
  try {
    await signInAfterSignUp(context, userId);
    return landingPath(locale, next);
  } catch (error) {
    log.error({ requestId: context.requestId, err: error }, "a new user could not be signed in");
    const path = withNext(localizedPath(locale, "/sign-in"), next ?? null);
    return `${path}${path.includes("?") ? "&" : "?"}signedUp=1`;
  }
}
