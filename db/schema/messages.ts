import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, idColumn, idReference, instant } from "./columns";
import { users } from "./identity";

export const MESSAGE_CHANNELS = ["sms", "email", "push"] as const;
export const MESSAGE_PURPOSES = ["code", "security", "notice"] as const;
export const MESSAGE_STATES = ["waiting", "sent", "delivered", "undelivered", "failed", "expired"] as const;

/** A message to one person by one channel. Its text is encrypted, and gone once it was sent or can't be sent any more. */
export const outgoingMessages = pgTable(
  "outgoing_messages",
  {
    id: idColumn(),
    /** The caller's: a message with the same key is queued once. */
    key: text("key").notNull().unique("outgoing_messages_key_key"),
    channel: text("channel", { enum: MESSAGE_CHANNELS }).notNull(),
    /** An E.164 number, an e-mail address, or the id of a push subscription. */
    recipient: text("recipient").notNull(),
    /** The user it is for; null for an address without an account. */
    userId: idReference("user_id"),
    purpose: text("purpose", { enum: MESSAGE_PURPOSES }).notNull(),
    locale: text("locale", { enum: ["fr", "en"] }).notNull(),
    content: bytea("content"),
    state: text("state", { enum: MESSAGE_STATES }).notNull().default("waiting"),
    /** How many times it was handed to a vendor, or was about to be. */
    attempts: integer("attempts").notNull().default(0),
    /** While it is in the future, a worker is sending the message. */
    claimedUntil: instant("claimed_until"),
    /** The manifest's name of who was called last. */
    vendor: text("vendor"),
    /** What the vendor calls the message in its delivery reports. */
    vendorMessageId: text("vendor_message_id"),
    /** Why the last attempt failed: a code, never the vendor's text. */
    failure: text("failure"),
    notBefore: instant("not_before"),
    /** It is never sent later. */
    expiresAt: instant("expires_at"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    sentAt: instant("sent_at"),
    changedAt: instant("changed_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("outgoing_messages_key_length", sql`length(${t.key}) between 1 and 200`),
    check("outgoing_messages_recipient_length", sql`length(${t.recipient}) between 1 and 254`),
    check("outgoing_messages_content", sql`${t.content} is null or ${t.state} in ('waiting', 'failed')`),
    index("outgoing_messages_vendor").on(t.vendor, t.vendorMessageId),
    index("outgoing_messages_kept").on(t.expiresAt).where(sql`${t.content} is not null`),
    index("outgoing_messages_created").on(t.createdAt),
    index("outgoing_messages_user").on(t.userId),
  ],
);

/** What a vendor reported of a message that it took, each report once. It may come before we know the message's id there. */
export const messageReports = pgTable(
  "message_reports",
  {
    id: idColumn(),
    vendor: text("vendor").notNull(),
    vendorMessageId: text("vendor_message_id").notNull(),
    status: text("status", { enum: ["delivered", "undelivered", "pending"] }).notNull(),
    /** The vendor's own word for it. */
    code: text("code").notNull(),
    receivedAt: instant("received_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    uniqueIndex("message_reports_key").on(t.vendor, t.vendorMessageId, t.code),
    index("message_reports_received").on(t.receivedAt),
    check("message_reports_lengths", sql`length(${t.vendorMessageId}) <= 200 and length(${t.code}) <= 80`),
  ],
);

/** How many times an SMS gateway was called on each day (UTC): what the deployment's daily budget is checked against. */
export const smsDays = pgTable("sms_days", {
  day: date("day").primaryKey(),
  calls: integer("calls").notNull().default(0),
});

/** A browser that takes push messages: where to send them, and the keys that they are encrypted with. */
export const pushSubscriptions = pgTable(
  "push_subscriptions",
  {
    id: idColumn(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    endpoint: text("endpoint").notNull().unique("push_subscriptions_endpoint_key"),
    p256dh: text("p256dh").notNull(),
    auth: text("auth").notNull(),
    /** The session that asked for them: they end with it. */
    sessionId: uuid("session_id"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("push_subscriptions_endpoint_length", sql`length(${t.endpoint}) between 1 and 1000`),
    check("push_subscriptions_keys", sql`length(${t.p256dh}) <= 200 and length(${t.auth}) <= 100`),
    index("push_subscriptions_user").on(t.userId),
  ],
);
