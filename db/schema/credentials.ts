import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, idColumn, idReference, instant } from "./columns";
import { users } from "./identity";

export const API_PERMISSIONS = [
  "deposit",
  "transfer",
  "read",
  "withdraw",
  "tontine:read",
  "tontine:pay",
] as const;

/** A service's key. Only its SHA-256 is kept: 192 random bits need no slow hash. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: idColumn(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    name: text("name").notNull(),
    /** The first 12 characters, to tell keys apart. */
    prefix: text("prefix").notNull(),
    hash: bytea("hash").notNull().unique("api_keys_hash_key"),
    permissions: text("permissions", { enum: API_PERMISSIONS }).array().notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
    /** The expired key that this one replaced: one successor at most. */
    replacesKeyId: idReference("replaces_key_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    check("api_keys_name_length", sql`length(${t.name}) between 1 and 80`),
    check("api_keys_prefix_length", sql`length(${t.prefix}) = 12`),
    check(
      "api_keys_permissions",
      sql`cardinality(${t.permissions}) > 0 and ${t.permissions} <@ array['deposit', 'transfer', 'read', 'withdraw', 'tontine:read', 'tontine:pay']`,
    ),
    index("api_keys_user").on(t.userId, t.id),
    uniqueIndex("api_keys_replaces_key").on(t.replacesKeyId).where(sql`${t.replacesKeyId} is not null`),
  ],
);

/** A client of the JSON API that a person signed in: one family of refresh tokens. Its id is the token's `sid`. */
export const apiSessions = pgTable(
  "api_sessions",
  {
    id: uuid("id").primaryKey(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: instant("created_at").notNull().defaultNow(),
    revokedAt: instant("revoked_at"),
    /** `logout`, `reuse` or `takeover`. */
    revokedFor: text("revoked_for"),
  },
  (t) => [index("api_sessions_user").on(t.userId, t.createdAt)],
);

/** A refresh token by its SHA-256. Used once: `used_at` is set when its successor is made. */
export const refreshTokens = pgTable(
  "refresh_tokens",
  {
    hash: bytea("hash").primaryKey(),
    sessionId: uuid("session_id")
      .notNull()
      .references(() => apiSessions.id),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (t) => [index("refresh_tokens_session").on(t.sessionId), index("refresh_tokens_expiry").on(t.expiresAt)],
);

/** A sign-in with Google that an API client began: `state` by its SHA-256, taken once, good for ten minutes. */
export const oauthRequests = pgTable(
  "oauth_requests",
  {
    stateHash: bytea("state_hash").primaryKey(),
    nonce: text("nonce").notNull(),
    codeVerifier: text("code_verifier").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [index("oauth_requests_expiry").on(t.expiresAt)],
);

/** The PIN that a person confirms money with: argon2id. A try is counted before its answer is used. */
export const pins = pgTable(
  "pins",
  {
    userId: idReference("user_id")
      .primaryKey()
      .references(() => users.id),
    hash: text("hash").notNull(),
    wrongTries: integer("wrong_tries").notNull().default(0),
    lockedUntil: instant("locked_until"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [check("pins_wrong_tries", sql`${t.wrongTries} >= 0`)],
);
