import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { amountColumn, idColumn, idReference, instant } from "./columns";

/** A refund or a chargeback of a credited deposit, each once, whatever the number of events about it. */
export const disputes = pgTable(
  "disputes",
  {
    id: idColumn(),
    /** No foreign key, as elsewhere: an operation is never deleted. */
    operationId: idReference("operation_id").notNull(),
    type: text("type", { enum: ["refund", "chargeback", "reversal"] }).notNull(),
    /** The provider's own name of it. */
    subject: text("subject").notNull(),
    /** What the payer gets back, or what was taken back: of a deposit together at most its amount. */
    amountMinor: amountColumn("amount_minor").notNull(),
    /** What the provider says of it. */
    outcome: text("outcome", { enum: ["open", "lost", "won"] }).notNull(),
    /** What became of it here. */
    state: text("state", { enum: ["open", "taken_back", "kept"] })
      .notNull()
      .default("open"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    changedAt: instant("changed_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("disputes_amount", sql`${t.amountMinor} > 0`),
    check("disputes_state", sql`${t.state} in ('open', 'taken_back', 'kept')`),
    uniqueIndex("disputes_subject_key").on(t.operationId, t.type, t.subject),
    index("disputes_taken_back").on(t.operationId).where(sql`${t.state} = 'taken_back'`),
    index("disputes_open").on(t.id).where(sql`${t.state} = 'open'`),
  ],
);
