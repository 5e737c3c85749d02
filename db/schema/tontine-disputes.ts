import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { idColumn, idReference, instant } from "./columns";
import { tontineDues, tontinePayouts, tontineTurns } from "./tontine-turns";
import { tontineMembers, tontines } from "./tontines";

/** A member's objection to a fine of theirs, a due, a payout or a turn: answered and settled by officers, or withdrawn. */
export const tontineDisputes = pgTable(
  "tontine_disputes",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    about: text("about", { enum: ["fine", "due", "payout", "turn"] }).notNull(),
    /** The turn that it is about, also by its due or payout. */
    turnId: idReference("turn_id")
      .notNull()
      .references(() => tontineTurns.id),
    dueId: idReference("due_id").references(() => tontineDues.id),
    payoutId: idReference("payout_id").references(() => tontinePayouts.id),
    openedByMemberId: idReference("opened_by_member_id")
      .notNull()
      .references(() => tontineMembers.id),
    reason: text("reason").notNull(),
    state: text("state").notNull().default("opened"),
    answer: text("answer"),
    answeredByMemberId: idReference("answered_by_member_id").references(() => tontineMembers.id),
    /** Of a settled one: granted to who opened it, or not. */
    outcome: text("outcome", { enum: ["granted", "upheld"] }),
    openedAt: instant("opened_at").notNull().default(sql`clock_timestamp()`),
    answeredAt: instant("answered_at"),
    settledAt: instant("settled_at"),
  },
  (t) => [
    check("tontine_disputes_reason", sql`length(${t.reason}) between 1 and 280`),
    check("tontine_disputes_answer", sql`length(${t.answer}) between 1 and 280`),
    check(
      "tontine_disputes_object",
      sql`(${t.dueId} is not null) = (${t.about} in ('fine', 'due')) and (${t.payoutId} is not null) = (${t.about} = 'payout')`,
    ),
    check("tontine_disputes_settled", sql`(${t.state} = 'settled') = (${t.outcome} is not null)`),
    uniqueIndex("tontine_disputes_due_key")
      .on(t.dueId)
      .where(sql`${t.about} = 'fine' and ${t.state} <> 'withdrawn'`),
    index("tontine_disputes_open").on(t.turnId).where(sql`${t.state} in ('opened', 'answered')`),
    index("tontine_disputes_group").on(t.tontineId, t.id),
  ],
);

/** An officer's ruling on a dispute, with the PIN: two who agree settle it, the auditor among them where there is one. Append-only. */
export const tontineDisputeRulings = pgTable(
  "tontine_dispute_rulings",
  {
    id: idColumn(),
    disputeId: idReference("dispute_id")
      .notNull()
      .references(() => tontineDisputes.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    outcome: text("outcome", { enum: ["granted", "upheld"] }).notNull(),
    ruledAt: instant("ruled_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("tontine_dispute_rulings_key").on(t.disputeId, t.memberId),
    check("tontine_dispute_rulings_outcome", sql`${t.outcome} in ('granted', 'upheld')`),
  ],
);
