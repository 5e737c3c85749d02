import type { ChannelKind } from "@/lib/messaging/channel";

export type MessagePurpose = "code" | "security" | "notice";

/** A message to queue. Texts are plain; a code in them is never logged and gone from the database once it was sent. */
export interface NewMessage {
  channel: ChannelKind;
  /** An E.164 number; a normalised e-mail address; for push, the id of a subscription. */
  to: string;
  /** The user it is for; null for an address without an account. */
  userId: bigint | null;
  /** Of an e-mail or a push message; one line. */
  subject?: string;
  text: string;
  html?: string;
  purpose: MessagePurpose;
  locale: "fr" | "en";
  notBefore?: Date;
  /** It is never sent later: by default 10 minutes for a code, a day for a notice, three days for a security message. */
  expiresAt?: Date;
  /** At most 200 characters: a message with the same key is queued once. */
  key: string;
}

/** What a message's row keeps encrypted. */
export interface MessageContent {
  subject: string;
  text: string;
  html: string | null;
}
