import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { idReference, instant } from "./columns";
import { users } from "./identity";

const CODE_PURPOSES = ["sign_up", "verify_contact", "recover_password", "reset_pin"] as const;

const CONTACT_KINDS = ["phone", "email"] as const;

/** A code sent to a phone number or an e-mail address. It is computed from `id` under a secret key and stored nowhere. */
export const contactCodes = pgTable(
  "contact_codes",
  {
    id: uuid("id").primaryKey(),
    purpose: text("purpose", { enum: CODE_PURPOSES }).notNull(),
    contactKind: text("contact_kind", { enum: CONTACT_KINDS }).notNull(),
    contact: text("contact").notNull(),
    /** The account that it was requested for; null at sign-up, and when no account has verified the contact. */
    userId: idReference("user_id").references(() => users.id),
    locale: text("locale", { enum: ["fr", "en"] }).notNull(),
    /** Counted before the code is compared. */
    tries: integer("tries").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    sends: integer("sends").notNull().default(1),
    sentAt: instant("sent_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    /** When the right code was typed. */
    provenAt: instant("proven_at"),
    /** When what it was for was done: once. */
    usedAt: instant("used_at"),
  },
  (t) => [
    check(
      "contact_codes_purpose",
      sql`${t.purpose} in ('sign_up', 'verify_contact', 'recover_password', 'reset_pin')`,
    ),
    check("contact_codes_kind", sql`${t.contactKind} in ('phone', 'email')`),
    check("contact_codes_tries", sql`${t.tries} between 0 and 5`),
    index("contact_codes_expiry").on(t.expiresAt),
  ],
);

/** A sign-up that waits for its code: the account is made when the contact is proven. */
export const startedSignUps = pgTable(
  "started_sign_ups",
  {
    /** The browser's cookie carries it. */
    id: uuid("id").primaryKey(),
    codeId: uuid("code_id").notNull(),
    contactKind: text("contact_kind", { enum: CONTACT_KINDS }).notNull(),
    contact: text("contact").notNull(),
    firstName: text("first_name").notNull(),
    lastName: text("last_name").notNull().default(""),
    passwordHash: text("password_hash").notNull(),
    /** Typed beside the phone number: offered as the other way, and kept on the account unverified. */
    email: text("email"),
    locale: text("locale", { enum: ["fr", "en"] }).notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** The account that it became: a second tap signs in to it. */
    userId: idReference("user_id").references(() => users.id),
  },
  (t) => [
    check("started_sign_ups_kind", sql`${t.contactKind} in ('phone', 'email')`),
    index("started_sign_ups_expiry").on(t.expiresAt),
  ],
);
