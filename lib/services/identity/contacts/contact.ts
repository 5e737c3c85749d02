import type { CONTACT_KINDS } from "@/db/schema/codes";

export type ContactKind = (typeof CONTACT_KINDS)[number];

/** A phone number (E.164) or an e-mail address (normalised by lib/email.ts). */
export interface Contact {
  kind: ContactKind;
  value: string;
}
