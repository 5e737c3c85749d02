import { sql } from "drizzle-orm";
import { bigint, check, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { amountColumn, bytea, currencyColumn, idColumn, idReference, instant } from "./columns";

/**
 * A ledger account. With a minimum balance it is materialized: locked by every posting, balance and version kept in the row.
 * Without one it is derived: postings never touch its row, its balance is the sum of its postings.
 */
export const ledgerAccounts = pgTable(
  "ledger_accounts",
  {
    id: idColumn(),
    address: text("address").notNull().unique("ledger_accounts_address_key"),
    currency: currencyColumn(),
    minimumBalance: amountColumn("minimum_balance"),
    balance: amountColumn("balance").notNull().default(sql`0`),
    version: bigint("version", { mode: "bigint" }).notNull().default(sql`0`),
    /** When the newest posting was recorded, the epoch before the first; keeps recorded_at rising with the version. */
    postedAt: instant("posted_at").notNull().default(sql`'epoch'`),
  },
  (t) => [
    check(
      "ledger_accounts_minimum_balance",
      sql`${t.minimumBalance} is null or ${t.balance} >= ${t.minimumBalance}`,
    ),
    check("ledger_accounts_address", sql`${t.address} ~ '^[a-z0-9_-]+(/[A-Za-z0-9_-]+)+$'`),
    check(
      "ledger_accounts_derived",
      sql`${t.minimumBalance} is not null or (${t.balance} = 0 and ${t.version} = 0)`,
    ),
  ],
);

/** A balanced set of postings, written once for a business event: (source, step) never posts twice. */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    id: idColumn(),
    source: text("source").notNull(),
    step: text("step").notNull(),
    occurredAt: instant("occurred_at").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    reversesEntryId: idReference("reverses_entry_id"),
  },
  (t) => [
    uniqueIndex("ledger_entries_source_step_key").on(t.source, t.step),
    uniqueIndex("ledger_entries_reverses_key")
      .on(t.reversesEntryId)
      .where(sql`${t.reversesEntryId} is not null`),
  ],
);

/**
 * An amount that leaves one account and reaches another: both ends in one row, so it can't be unbalanced.
 * Balance and version are those of a materialized end after this posting; null for a derived end.
 */
export const ledgerPostings = pgTable(
  "ledger_postings",
  {
    entryId: idReference("entry_id").notNull(),
    position: smallint("position").notNull(),
    fromAccount: idReference("from_account").notNull(),
    toAccount: idReference("to_account").notNull(),
    currency: currencyColumn(),
    amount: amountColumn("amount").notNull(),
    fromBalance: amountColumn("from_balance"),
    fromVersion: bigint("from_version", { mode: "bigint" }),
    toBalance: amountColumn("to_balance"),
    toVersion: bigint("to_version", { mode: "bigint" }),
    recordedAt: instant("recorded_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.entryId, t.position] }),
    check("ledger_postings_amount", sql`${t.amount} > 0 and ${t.amount} <= 1000000000000000`),
    check("ledger_postings_ends", sql`${t.fromAccount} <> ${t.toAccount}`),
    uniqueIndex("ledger_postings_from_version_key")
      .on(t.fromAccount, t.fromVersion)
      .where(sql`${t.fromVersion} is not null`),
    uniqueIndex("ledger_postings_to_version_key")
      .on(t.toAccount, t.toVersion)
      .where(sql`${t.toVersion} is not null`),
    uniqueIndex("ledger_postings_from_derived_key")
      .on(t.fromAccount, t.entryId, t.position)
      .where(sql`${t.fromVersion} is null`),
    uniqueIndex("ledger_postings_to_derived_key")
      .on(t.toAccount, t.entryId, t.position)
      .where(sql`${t.toVersion} is null`),
  ],
);

/** A derived account's balance over all entries up to and including `entry_id`; the newest row counts. */
export const ledgerCheckpoints = pgTable(
  "ledger_checkpoints",
  {
    accountId: idReference("account_id").notNull(),
    entryId: idReference("entry_id").notNull(),
    balance: amountColumn("balance").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.entryId] })],
);

/** What is sealed, in the order in which it is: accounts before the postings that name them. */
export const SEAL_SUBJECTS = [
  "accounts",
  "entries",
  "checkpoints",
  "wallets",
  "vaults",
  "operations",
  "events",
  "tontines",
  "tontine_rules",
  "tontine_signatures",
  "tontine_dues",
  "tontine_due_payments",
  "tontine_payouts",
  "tontine_approvals",
  "tontine_draws",
  "tontine_draw_results",
  "tontine_events",
  "tontine_decisions",
  "tontine_votes",
  "tontine_disputes",
  "tontine_dispute_rulings",
] as const;

/**
 * A link of the chain: the hash of a closed range of rows, bound to the link before it. The next range of a subject
 * begins where its last one ended. Written by ledger_seal only (0005_sealing.sql), append-only.
 */
export const ledgerSeals = pgTable(
  "ledger_seals",
  {
    /** Its place in the chain, from one on and without a gap. */
    number: bigint("number", { mode: "bigint" }).primaryKey(),
    subject: text("subject", { enum: SEAL_SUBJECTS }).notNull(),
    /** The first and the last id of the range; for checkpoints the ids of their entries. */
    fromId: idReference("from_id").notNull(),
    toId: idReference("to_id").notNull(),
    /** How many rows the range has, and of entries how many postings. */
    rowCount: bigint("row_count", { mode: "bigint" }).notNull(),
    postingCount: bigint("posting_count", { mode: "bigint" }).notNull(),
    /** SHA-256 of the range's canonical lines. */
    contentHash: bytea("content_hash").notNull(),
    /** The root of the seal before it; 32 zero bytes for the first. */
    previousRoot: bytea("previous_root").notNull(),
    /** SHA-256 of the seal's own canonical line, which holds all of the above. */
    root: bytea("root").notNull(),
    sealedAt: instant("sealed_at").notNull(),
  },
  (t) => [
    uniqueIndex("ledger_seals_range_key").on(t.subject, t.toId),
    check(
      "ledger_seals_hashes",
      sql`length(${t.contentHash}) = 32 and length(${t.previousRoot}) = 32 and length(${t.root}) = 32`,
    ),
    check("ledger_seals_range", sql`${t.fromId} >= 1 and ${t.toId} >= ${t.fromId} and ${t.number} >= 1`),
  ],
);
