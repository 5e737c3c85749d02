import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, idColumn, idReference, instant } from "./columns";
import { users } from "./identity";

const CONTACT_KINDS = ["phone", "email"] as const;

export const MONEY_OUT_LIMIT_CAUSES = [
  "password_recovered",
  "phone_changed",
  "email_changed",
  "pin_changed",
  "pin_reset",
  "reported",
] as const;

/** How much a person may send out of their wallet until a time, after a change that a thief would make first. */
export const moneyOutLimits = pgTable(
  "money_out_limits",
  {
    id: idColumn(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    cause: text("cause", { enum: MONEY_OUT_LIMIT_CAUSES }).notNull(),
    /** Minor units by currency, as text; of a currency that isn't named nothing may go out. */
    allowed: jsonb("allowed").$type<Record<string, string>>().notNull(),
    /** Operations above this id count. */
    afterOperationId: idReference("after_operation_id").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    until: instant("until").notNull(),
    /** When it was lifted before its end. */
    liftedAt: instant("lifted_at"),
  },
  (t) => [
    check("money_out_limits_until", sql`${t.until} > ${t.createdAt}`),
    index("money_out_limits_user").on(t.userId, t.until).where(sql`${t.liftedAt} is null`),
  ],
);

/** A forgotten password, from its first code to the new password. The browser's cookie carries the id. */
export const passwordRecoveries = pgTable(
  "password_recoveries",
  {
    id: uuid("id").primaryKey(),
    /** The account that has verified the contact; null without one: then no code is right. */
    userId: idReference("user_id").references(() => users.id),
    contactKind: text("contact_kind", { enum: CONTACT_KINDS }).notNull(),
    contact: text("contact").notNull(),
    /** The code that was sent to it. */
    codeId: uuid("code_id").notNull(),
    /** When that code was right. */
    provenAt: instant("proven_at"),
    /** The code that was sent to the account's other contact, if one was. */
    otherCodeId: uuid("other_code_id"),
    otherProvenAt: instant("other_proven_at"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
    /** When the password was replaced. */
    usedAt: instant("used_at"),
  },
  (t) => [
    check("password_recoveries_kind", sql`${t.contactKind} in ('phone', 'email')`),
    index("password_recoveries_user").on(t.userId, t.usedAt),
    index("password_recoveries_expiry").on(t.expiresAt).where(sql`${t.usedAt} is null`),
  ],
);

/** A forgotten PIN: the new one waits until `effective_at`, and no money goes out meanwhile. */
export const pinResets = pgTable(
  "pin_resets",
  {
    id: idColumn(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    /** The new PIN, as `pins.hash`; emptied when the reset ends. */
    hash: text("hash"),
    limitId: idReference("limit_id")
      .notNull()
      .references(() => moneyOutLimits.id),
    requestedAt: instant("requested_at").notNull().default(sql`clock_timestamp()`),
    effectiveAt: instant("effective_at").notNull(),
    endedAt: instant("ended_at"),
    outcome: text("outcome", { enum: ["done", "cancelled"] }),
  },
  (t) => [
    check("pin_resets_outcome", sql`(${t.endedAt} is null) = (${t.outcome} is null)`),
    check("pin_resets_hash", sql`(${t.endedAt} is null) = (${t.hash} is not null)`),
    uniqueIndex("pin_resets_open_key").on(t.userId).where(sql`${t.endedAt} is null`),
    index("pin_resets_user").on(t.userId, t.id),
  ],
);

/** A link that a replaced phone or e-mail address was sent, by which its owner stops money going out. Used once. */
export const contactAlarms = pgTable(
  "contact_alarms",
  {
    tokenHash: bytea("token_hash").primaryKey(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    contact: text("contact", { enum: CONTACT_KINDS }).notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (t) => [
    check("contact_alarms_hash", sql`length(${t.tokenHash}) = 32`),
    index("contact_alarms_user").on(t.userId),
  ],
);
