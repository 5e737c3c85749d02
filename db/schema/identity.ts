import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { idColumn, idReference, instant } from "./columns";

/**
 * A person who signs in. `email` is normalised before it gets here (lib/email.ts); `phone` is E.164. Only a verified one says who
 * somebody is: a value has one verified owner, and one account that claims the e-mail address without having verified it.
 */
export const users = pgTable(
  "users",
  {
    id: idColumn(),
    email: text("email"),
    emailVerifiedAt: instant("email_verified_at"),
    passwordHash: text("password_hash"),
    firstName: text("first_name").notNull(),
    lastName: text("last_name").notNull().default(""),
    phone: text("phone"),
    phoneVerifiedAt: instant("phone_verified_at"),
    /** A number that was verified here and that another account has verified since: still signs in, with the password. */
    formerPhone: text("former_phone"),
    locale: text("locale", { enum: ["fr", "en"] })
      .notNull()
      .default("fr"),
    pictureUrl: text("picture_url"),
    /** Whether others may send money by the person's verified phone number. Off for accounts from before there was a choice. */
    isPayableByPhone: boolean("is_payable_by_phone").notNull().default(true),
    frozenAt: instant("frozen_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("users_email_normal", sql`${t.email} = lower(btrim(${t.email})) and length(${t.email}) <= 254`),
    check("users_email_verified", sql`${t.emailVerifiedAt} is null or ${t.email} is not null`),
    check("users_phone_verified", sql`${t.phoneVerifiedAt} is null or ${t.phone} is not null`),
    uniqueIndex("users_email_verified_key").on(t.email).where(sql`${t.emailVerifiedAt} is not null`),
    uniqueIndex("users_email_claimed_key").on(t.email).where(sql`${t.emailVerifiedAt} is null`),
    uniqueIndex("users_phone_verified_key").on(t.phone).where(sql`${t.phoneVerifiedAt} is not null`),
    index("users_former_phone").on(t.formerPhone).where(sql`${t.formerPhone} is not null`),
    check("users_first_name_length", sql`length(${t.firstName}) between 1 and 80`),
    check("users_last_name_length", sql`length(${t.lastName}) <= 80`),
    check("users_phone_e164", sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check("users_locale", sql`${t.locale} in ('fr', 'en')`),
  ],
);

/** A person's account at an identity provider: (provider, subject) is theirs for ever. */
export const identities = pgTable(
  "identities",
  {
    provider: text("provider").notNull(),
    subject: text("subject").notNull(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.subject] }), index("identities_user").on(t.userId)],
);

/** A signed-in browser. The cookie carries its id; a revoked row ends it at once. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    device: text("device").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (t) => [index("sessions_user").on(t.userId, t.createdAt)],
);

/** A person's wallet: made with the user, in the same transaction. `number` is 13 digits with a check digit. */
export const wallets = pgTable(
  "wallets",
  {
    id: idColumn(),
    userId: idReference("user_id")
      .notNull()
      .unique("wallets_user_key")
      .references(() => users.id),
    number: text("number").notNull().unique("wallets_number_key"),
    /** While set, money comes in and none goes out; `wallet_freezes` says who did it and why. */
    frozenAt: instant("frozen_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [check("wallets_number_shape", sql`${t.number} ~ '^[1-9][0-9]{12}$'`)],
);
