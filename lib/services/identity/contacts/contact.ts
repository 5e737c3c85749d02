export type ContactKind = "phone" | "email";

/** A phone number (E.164) or an e-mail address (normalised by lib/email.ts). */
export interface Contact {
  kind: ContactKind;
  value: string;
}
