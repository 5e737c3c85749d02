import { CredentialsSignin } from "next-auth";
import type { DomainError } from "@/lib/errors";
import { ERROR_CODES } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";

/** The sign-in page's code for a sign-in that Google refused or couldn't answer. Not an ErrorCode: only this page has it. */
export const GOOGLE_FAILED = "google_failed";

/** Carries a verb's refusal through next-auth, which passes only its own errors on. */
export class SignInRefused extends CredentialsSignin {
  override code: string;

  constructor(readonly refusal: DomainError) {
    super(refusal.code);
    this.code = refusal.code;
  }
}

/** The sign-in page in a language, saying what went wrong. */
export function signInErrorPath(locale: Locale, code: string): string {
  return `${localizedPath(locale, "/sign-in")}?error=${encodeURIComponent(code)}`;
}

/** Our code for the error in next-auth's redirect to the sign-in page, whose own codes have no translations. */
export function codeFromAuthQuery(query: URLSearchParams): string {
  const candidates = [query.get("code"), query.get("error")];
  return candidates.find((code) => ERROR_CODES.some((known) => known === code)) ?? GOOGLE_FAILED;
}
