import { normaliseEmail } from "@/lib/email";
import { type PhoneCountry, parsePhone } from "@/lib/phone";
import type { Contact } from "../contacts/contact";

/**
 * What somebody who signs in typed: an e-mail address, or a phone number as people write it, local to `country` unless it has its
 * calling code. Null for anything else.
 */
export function readIdentifier(typed: string, country: PhoneCountry): Contact | null {
  if (typed.includes("@")) {
    const email = normaliseEmail(typed);
    return email === null ? null : { kind: "email", value: email };
  }
  const phone = parsePhone(typed, country);
  return "e164" in phone ? { kind: "phone", value: phone.e164 } : null;
}
