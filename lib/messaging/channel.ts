/** How a message reaches a person outside our own pages. */
export type ChannelKind = "sms" | "email" | "push";

/** One message to one person. Its texts may hold a code: they are never logged. */
export interface ChannelMessage {
  /** An E.164 number; an e-mail address; for push, the subscription as {@link PushTarget} in JSON. */
  to: string;
  /** The subject of an e-mail, or the title of a push message; empty for an SMS. */
  subject: string;
  text: string;
  html: string | null;
  locale: "fr" | "en";
  /** The same at every attempt to send the message: vendors that know idempotency keys get it. */
  key: string;
  /** It isn't sent after this time; null for a message that doesn't expire. */
  expiresAt: Date | null;
}

/** A browser's push subscription (W3C Push API). */
export interface PushTarget {
  endpoint: string;
  p256dh: string;
  auth: string;
}

export interface Sent {
  /** What the vendor calls the message in its delivery reports; null when it gives it no name. */
  vendorMessageId: string | null;
}

/** What a vendor reported of a message that it took. */
export interface DeliveryReport {
  vendorMessageId: string;
  status: "delivered" | "undelivered" | "pending";
  /** The vendor's own word for it. */
  code: string;
}

export interface DeliveryCallbacks {
  /** The last part of the address that the vendor was given: callbacks of SMS gateways carry no signature. */
  secret: string;
  /** What a callback's body says; null when it isn't one. */
  read(body: string): readonly DeliveryReport[] | null;
}

/**
 * Thrown by channels. `temporary`: it may be sent again, and may have been sent already. `permanent`: sending it again would
 * fail again. `gone`: permanent, and the recipient's address will never work again. `code` is a word for the log and the row,
 * never text of the vendor.
 */
export class MessageError extends Error {
  override name = "MessageError";

  constructor(
    readonly kind: "temporary" | "permanent" | "gone",
    readonly code: string,
  ) {
    super(`${kind}: ${code}`);
  }
}

/** A vendor that sends messages of one kind. */
export interface Channel {
  /** The manifest's name. */
  readonly vendor: string;
  readonly kind: ChannelKind;
  /** False when the vendor doesn't reach the recipient, such as an SMS account of another country. */
  reaches(to: string): boolean;
  /** Answers once the vendor took the message, within {@link SEND_TIMEOUT_MS}. Throws {@link MessageError}. */
  send(message: ChannelMessage): Promise<Sent>;
  /** How the vendor's delivery callbacks are read; null when it sends none, or isn't trusted to. */
  readonly callbacks: DeliveryCallbacks | null;
}

/** Connecting, sending and the vendor's answer together. */
export const SEND_TIMEOUT_MS = 15_000;
export const CONNECT_TIMEOUT_MS = 3_000;
