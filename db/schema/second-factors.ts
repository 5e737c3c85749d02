import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, idColumn, idReference, instant } from "./columns";
import { users } from "./identity";

/** A person's passkey (WebAuthn credential). Its private half never leaves their device. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: idColumn(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    /** The device's name for it, base64url. */
    credentialId: text("credential_id").notNull().unique("passkeys_credential_key"),
    publicKey: bytea("public_key").notNull(),
    /** How often the device used it, as it says; 0 where it doesn't count. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull(),
    /** The browser and device that it was made with. */
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    check("passkeys_lengths", sql`length(${t.credentialId}) <= 1400 and length(${t.name}) between 1 and 80`),
    index("passkeys_user").on(t.userId),
  ],
);

/** What a passkey is asked to sign, once: its row is deleted when the answer comes. */
export const passkeyChallenges = pgTable(
  "passkey_challenges",
  {
    id: uuid("id").primaryKey(),
    purpose: text("purpose", { enum: ["add", "sign_in", "confirm"] }).notNull(),
    /** The user whose passkey has to sign; null at sign-in. */
    userId: idReference("user_id"),
    /** The quote that the answer confirms, and no other one. */
    quoteId: text("quote_id"),
    challenge: text("challenge").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    check("passkey_challenges_purpose", sql`(${t.purpose} = 'confirm') = (${t.quoteId} is not null)`),
    check("passkey_challenges_user", sql`(${t.purpose} = 'sign_in') = (${t.userId} is null)`),
    index("passkey_challenges_expiry").on(t.expiresAt),
  ],
);

/** The secret of a person's authenticator app, encrypted. It counts from `confirmed_at` on. */
export const totpSecrets = pgTable("totp_secrets", {
  userId: idReference("user_id")
    .primaryKey()
    .references(() => users.id),
  secret: bytea("secret").notNull(),
  confirmedAt: instant("confirmed_at"),
  /** The newest 30 seconds whose code was used: no older or equal one is taken again. */
  lastStep: bigint("last_step", { mode: "number" }).notNull().default(0),
  createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
});

/** Codes for a lost authenticator, by their keyed hash, each used once. */
export const totpRecoveryCodes = pgTable(
  "totp_recovery_codes",
  {
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    hash: bytea("hash").notNull(),
    usedAt: instant("used_at"),
  },
  (t) => [primaryKey({ columns: [t.userId, t.hash] })],
);
