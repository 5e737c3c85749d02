import type { Reader } from "@/db/client";
import { DEFAULT_PHONE_COUNTRY } from "@/lib/phone";
import { readIdentifier } from "./read-identifier";
import { findUsersByEmail, findUsersByPhone } from "./store";

/**
 * Whom the operator means by an e-mail address or a phone number: the account that has verified it, or else the one that claims the address, or
 * the last one that had the number. Null for nobody.
 */
export async function findUserIdByIdentifier(reader: Reader, typed: string): Promise<bigint | null> {
  const contact = readIdentifier(typed, DEFAULT_PHONE_COUNTRY);
  if (contact === null) return null;
  const find = contact.kind === "email" ? findUsersByEmail : findUsersByPhone;
  const [user] = await find(reader, contact.value);
  return user?.id ?? null;
}
