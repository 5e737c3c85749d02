import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { bytea, idColumn, idReference, instant } from "./columns";
import { tontineDues } from "./tontine-turns";
import { tontineMembers, tontines } from "./tontines";

/** What a group may decide by vote, and by which majority: data, filled by 0032_tontine_decisions.sql. TypeScript has the same; a test compares. */
export const tontineDecisionKinds = pgTable("tontine_decision_kinds", {
  kind: text("kind").primaryKey(),
  /** half: more than half of those who may vote; two_thirds, all. */
  majority: text("majority").notNull(),
  /** So many days after it was opened it takes effect at the earliest. */
  noticeDays: integer("notice_days").notNull(),
});

/** A question to the members of a group, bound to what was shown, with who may vote on it. Only its state changes. */
export const tontineDecisions = pgTable(
  "tontine_decisions",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    kind: text("kind")
      .notNull()
      .references(() => tontineDecisionKinds.kind),
    /** What it is about, such as `waiver:17`: one that isn't over a group. */
    about: text("about").notNull(),
    openedByMemberId: idReference("opened_by_member_id")
      .notNull()
      .references(() => tontineMembers.id),
    /** The people concerned, who don't vote on it. */
    subjectMemberId: idReference("subject_member_id").references(() => tontineMembers.id),
    candidateMemberId: idReference("candidate_member_id").references(() => tontineMembers.id),
    dueId: idReference("due_id").references(() => tontineDues.id),
    parameters: jsonb("parameters").notNull().default(sql`'{}'`),
    /** JSON of all that members are shown, consequences in figures too. */
    shown: text("shown").notNull(),
    /** SHA-256 of it: what a vote is bound to. */
    shownHash: bytea("shown_hash").notNull(),
    /** Members who may vote, ascending: fixed when it is opened. */
    voterIds: idReference("voter_ids").array().notNull(),
    state: text("state").notNull().default("open"),
    openedAt: instant("opened_at").notNull().default(sql`clock_timestamp()`),
    closesAt: instant("closes_at").notNull(),
    /** Null for what waits for the next cycle. */
    takesEffectAt: instant("takes_effect_at"),
    decidedAt: instant("decided_at"),
    appliedAt: instant("applied_at"),
  },
  (t) => [
    uniqueIndex("tontine_decisions_live_key")
      .on(t.tontineId, t.about)
      .where(sql`${t.state} in ('open', 'adopted')`),
    index("tontine_decisions_group").on(t.tontineId, t.id),
    index("tontine_decisions_live").on(t.closesAt).where(sql`${t.state} in ('open', 'adopted')`),
    check("tontine_decisions_closes", sql`${t.closesAt} > ${t.openedAt}`),
    check("tontine_decisions_voters", sql`cardinality(${t.voterIds}) >= 2`),
    check("tontine_decisions_decided", sql`(${t.state} = 'open') = (${t.decidedAt} is null)`),
    check("tontine_decisions_applied", sql`(${t.state} = 'applied') = (${t.appliedAt} is not null)`),
  ],
);

/** A member's vote, with the PIN, on what was shown. Append-only; a trigger checks who may. */
export const tontineVotes = pgTable(
  "tontine_votes",
  {
    id: idColumn(),
    decisionId: idReference("decision_id")
      .notNull()
      .references(() => tontineDecisions.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    choice: text("choice", { enum: ["yes", "no"] }).notNull(),
    shownHash: bytea("shown_hash").notNull(),
    votedAt: instant("voted_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("tontine_votes_key").on(t.decisionId, t.memberId),
    check("tontine_votes_choice", sql`${t.choice} in ('yes', 'no')`),
  ],
);
