import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { amountColumn, idColumn, idReference, instant } from "./columns";

/** Every stop and resumption of payouts; the newest row of a provider counts. Append-only. */
export const payoutSwitches = pgTable(
  "payout_switches",
  {
    id: idColumn(),
    /** Null stands for all providers at once. */
    provider: text("provider"),
    stopped: boolean("stopped").notNull(),
    /** Who did it, as they named themselves at the command line. */
    operator: text("operator").notNull(),
    note: text("note").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("payout_switches_operator", sql`length(${t.operator}) between 1 and 80`),
    check("payout_switches_note", sql`length(${t.note}) between 1 and 500`),
    index("payout_switches_provider").on(t.provider, t.id.desc()),
  ],
);

/** Every freeze of a wallet and its end. Append-only. */
export const walletFreezes = pgTable(
  "wallet_freezes",
  {
    id: idColumn(),
    walletId: idReference("wallet_id").notNull(),
    frozen: boolean("frozen").notNull(),
    /** Who did it, as they named themselves at the command line. */
    operator: text("operator").notNull(),
    note: text("note").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("wallet_freezes_operator", sql`length(${t.operator}) between 1 and 80`),
    check("wallet_freezes_note", sql`length(${t.note}) between 1 and 500`),
    index("wallet_freezes_wallet").on(t.walletId, t.id.desc()),
  ],
);

const DEAD_LETTER_KINDS = ["job", "event", "operation", "suspense"] as const;

/** Dead letters that were logged already, so that each is logged once. */
export const deadLetterNotices = pgTable(
  "dead_letter_notices",
  {
    kind: text("kind", { enum: DEAD_LETTER_KINDS }).notNull(),
    subject: text("subject").notNull(),
    noticedAt: instant("noticed_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.kind, t.subject] })],
);

/** What an operator decided about money that couldn't be resolved automatically. Append-only. */
export const decisions = pgTable(
  "decisions",
  {
    id: idColumn(),
    /** The withdrawal that was decided, or the deposit that money in suspense was given to. */
    operationId: idReference("operation_id"),
    /** The webhook event in review that needs nothing more. */
    eventId: idReference("event_id"),
    verdict: text("verdict", {
      enum: ["paid", "refunded", "assigned", "closed", "taken_back", "kept"],
    }).notNull(),
    operator: text("operator").notNull(),
    note: text("note").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("decisions_about", sql`num_nonnulls(${t.operationId}, ${t.eventId}) = 1`),
    check("decisions_operator", sql`length(${t.operator}) between 1 and 80`),
    check("decisions_note", sql`length(${t.note}) between 1 and 500`),
    index("decisions_operation").on(t.operationId),
  ],
);

const RECONCILIATION_SPANS = ["hour", "day", "manual"] as const;

/** One comparison of our book with a provider's over a window of time. */
export const reconciliationRuns = pgTable(
  "reconciliation_runs",
  {
    id: idColumn(),
    provider: text("provider").notNull(),
    span: text("span", { enum: RECONCILIATION_SPANS }).notNull(),
    windowFrom: instant("window_from").notNull(),
    windowTo: instant("window_to").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    finishedAt: instant("finished_at"),
    /** How many operations and transactions were compared. */
    compared: integer("compared"),
  },
  (t) => [
    check("reconciliation_runs_window", sql`${t.windowFrom} < ${t.windowTo}`),
    index("reconciliation_runs_newest").on(t.provider, t.span, t.id.desc()),
  ],
);

const BREAK_KINDS = ["missing_here", "missing_there", "amount_differs", "state_differs"] as const;

/** A difference between our book and a provider's, each once while it lasts. Only its end is ever written to it. */
export const reconciliationBreaks = pgTable(
  "reconciliation_breaks",
  {
    id: idColumn(),
    runId: idReference("run_id")
      .notNull()
      .references(() => reconciliationRuns.id),
    provider: text("provider").notNull(),
    direction: text("direction", { enum: ["in", "out"] }).notNull(),
    kind: text("kind", { enum: BREAK_KINDS }).notNull(),
    /** Our reference; where the provider names none of ours, what it calls the transaction itself. */
    subject: text("subject").notNull(),
    /** The provider's code: it may be a currency that isn't ours. */
    currency: text("currency").notNull(),
    /** What moved by our ledger and by the provider's record; states in each one's own words. */
    ourState: text("our_state"),
    ourMinor: amountColumn("our_minor").notNull(),
    theirState: text("their_state"),
    /** Null for an unsupported currency. */
    theirMinor: amountColumn("their_minor"),
    occurredAt: instant("occurred_at").notNull(),
    foundAt: instant("found_at").notNull().default(sql`clock_timestamp()`),
    resolvedAt: instant("resolved_at"),
  },
  (t) => [
    uniqueIndex("reconciliation_breaks_open_key")
      .on(t.provider, t.direction, t.subject, t.kind)
      .where(sql`${t.resolvedAt} is null`),
  ],
);
