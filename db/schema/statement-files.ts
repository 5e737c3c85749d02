import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Currency } from "@/lib/money/currency";
import type { TimeZone } from "@/lib/phone";
import { bytea, idReference, instant } from "./columns";
import { users } from "./identity";

const STATEMENT_FILE_STATES = ["waiting", "making", "ready", "failed"] as const;

/**
 * A statement that is too long to be made while somebody waits, or a copy of all of a person's data: made by the worker, kept
 * for a week, downloaded by its owner only.
 */
export const statementFiles = pgTable(
  "statement_files",
  {
    id: uuid("id").primaryKey(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    /** `statement`, or `data` for a copy of everything. */
    kind: text("kind", { enum: ["statement", "data"] }).notNull(),
    format: text("format", { enum: ["pdf", "csv", "machine", "json"] }).notNull(),
    locale: text("locale", { enum: ["fr", "en"] }).notNull(),
    /** The zone of its days and times. */
    timeZone: text("time_zone").$type<TimeZone>().notNull(),
    /** What a statement is of; null for a copy of everything. Days are `YYYY-MM-DD`, both included. */
    currency: text("currency").$type<Currency>(),
    vaultId: idReference("vault_id"),
    fromDay: text("from_day"),
    toDay: text("to_day"),
    state: text("state", { enum: STATEMENT_FILE_STATES }).notNull().default("waiting"),
    /** Fencing token: how often making it was begun. Only the chunks of the attempt that finished are ever read. */
    attempt: integer("attempt").notNull().default(0),
    lineCount: bigint("line_count", { mode: "bigint" }).notNull().default(sql`0`),
    linesDone: bigint("lines_done", { mode: "bigint" }).notNull().default(sql`0`),
    byteCount: bigint("byte_count", { mode: "bigint" }).notNull().default(sql`0`),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    /** When something last happened to it. */
    updatedAt: instant("updated_at").notNull().default(sql`clock_timestamp()`),
    readyAt: instant("ready_at"),
    /** When it is deleted. */
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    check("statement_files_kind", sql`${t.kind} in ('statement', 'data')`),
    check("statement_files_format", sql`${t.format} in ('pdf', 'csv', 'machine', 'json')`),
    check("statement_files_state", sql`${t.state} in ('waiting', 'making', 'ready', 'failed')`),
    check("statement_files_locale", sql`${t.locale} in ('fr', 'en')`),
    check(
      "statement_files_subject",
      sql`(${t.kind} = 'statement') = (num_nonnulls(${t.currency}, ${t.fromDay}, ${t.toDay}) = 3)`,
    ),
    // One at a time a person.
    uniqueIndex("statement_files_open_key").on(t.userId).where(sql`${t.state} in ('waiting', 'making')`),
    index("statement_files_user").on(t.userId, t.createdAt),
    index("statement_files_expiry").on(t.expiresAt),
  ],
);

/** The bytes of a file, in order, of each attempt to make it. */
export const statementFileChunks = pgTable(
  "statement_file_chunks",
  {
    fileId: uuid("file_id").notNull(),
    attempt: integer("attempt").notNull(),
    position: integer("position").notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fileId, t.attempt, t.position] }),
    foreignKey({
      name: "statement_file_chunks_file_fk",
      columns: [t.fileId],
      foreignColumns: [statementFiles.id],
    }).onDelete("cascade"),
  ],
);
