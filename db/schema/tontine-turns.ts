import { sql } from "drizzle-orm";
import {
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { amountColumn, bytea, idColumn, idReference, instant } from "./columns";
import { operations } from "./operations";
import { tontineMandates } from "./tontine-mandates";
import { tontineCycles, tontineMembers, tontineShareHolders, tontineShares, tontines } from "./tontines";

/** A due day with its pot, which is empty again when the turn is closed. */
export const tontineTurns = pgTable(
  "tontine_turns",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    cycleId: idReference("cycle_id")
      .notNull()
      .references(() => tontineCycles.id),
    number: integer("number").notNull(),
    /** Everybody pays the share's holder, or those who took before pay back a member who left. */
    kind: text("kind", { enum: ["rotation", "refund"] })
      .notNull()
      .default("rotation"),
    state: text("state").notNull().default("planned"),
    /** The day in the group's zone. */
    dueOn: date("due_on").notNull(),
    /** What is paid later is late. */
    dueAt: instant("due_at").notNull(),
    /** What is missing then makes the pot short. */
    closesAt: instant("closes_at").notNull(),
    calledAt: instant("called_at"),
    paidAt: instant("paid_at"),
  },
  (t) => [
    unique("tontine_turns_number_key").on(t.cycleId, t.number),
    check("tontine_turns_closes", sql`${t.closesAt} >= ${t.dueAt}`),
    index("tontine_turns_open").on(t.dueAt).where(sql`${t.state} not in ('closed', 'cancelled')`),
  ],
);

/** Which shares take in a turn: each once a cycle, two in one turn are allowed. */
export const tontineTurnShares = pgTable(
  "tontine_turn_shares",
  {
    turnId: idReference("turn_id")
      .notNull()
      .references(() => tontineTurns.id),
    shareId: idReference("share_id")
      .notNull()
      .references(() => tontineShares.id),
    cycleId: idReference("cycle_id")
      .notNull()
      .references(() => tontineCycles.id),
  },
  (t) => [primaryKey({ columns: [t.cycleId, t.shareId] }), index("tontine_turn_shares_turn").on(t.turnId)],
);

export const TONTINE_DUE_KINDS = ["contribution", "fine", "solidarity", "entry", "deposit"] as const;

/** What a share's holder has to pay in a turn: what is expected of a turn is the sum of its rows, nothing else. */
export const tontineDues = pgTable(
  "tontine_dues",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    turnId: idReference("turn_id")
      .notNull()
      .references(() => tontineTurns.id),
    shareId: idReference("share_id")
      .notNull()
      .references(() => tontineShares.id),
    holderId: idReference("holder_id")
      .notNull()
      .references(() => tontineShareHolders.id),
    kind: text("kind", { enum: TONTINE_DUE_KINDS }).notNull(),
    state: text("state").notNull().default("open"),
    amountMinor: amountColumn("amount_minor").notNull(),
    /** By the debtor, or by somebody for them. */
    paidMinor: amountColumn("paid_minor").notNull().default(sql`0`),
    /** By the debtor's deposit, guarantor or the solidarity fund. */
    coveredMinor: amountColumn("covered_minor").notNull().default(sql`0`),
    waivedMinor: amountColumn("waived_minor").notNull().default(sql`0`),
    dueAt: instant("due_at").notNull(),
    /** In its place, since a pause or a vote moved it. */
    postponedTo: instant("postponed_to"),
    /** The vote that moved it for its debtor alone. */
    rescheduledBy: idReference("rescheduled_by"),
    /** When its debtor put it off by the rules: once a cycle. */
    extendedAt: instant("extended_at"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("tontine_dues_key").on(t.turnId, t.shareId, t.holderId, t.kind),
    uniqueIndex("tontine_dues_extension_key").on(t.holderId).where(sql`${t.extendedAt} is not null`),
    check("tontine_dues_amount", sql`${t.amountMinor} > 0 and ${t.amountMinor} <= 1000000000000000`),
    check(
      "tontine_dues_paid",
      sql`least(${t.paidMinor}, ${t.coveredMinor}, ${t.waivedMinor}) >= 0
      and ${t.paidMinor} + ${t.coveredMinor} + ${t.waivedMinor} <= ${t.amountMinor}`,
    ),
    index("tontine_dues_holder").on(t.holderId, t.dueAt),
    index("tontine_dues_open").on(t.dueAt).where(sql`${t.state} in ('open', 'part', 'late')`),
  ],
);

/** A sum of a payment to each due: the turn that it is for and the day that it was paid. Append-only. */
export const tontineDuePayments = pgTable(
  "tontine_due_payments",
  {
    id: idColumn(),
    dueId: idReference("due_id")
      .notNull()
      .references(() => tontineDues.id),
    /** Counts the payments of a due. */
    part: integer("part").notNull(),
    amountMinor: amountColumn("amount_minor").notNull(),
    via: text("via", {
      enum: ["wallet", "advance", "payout", "deposit", "guarantor", "solidarity"],
    }).notNull(),
    /** Who paid it: the debtor, another member, or a guarantor; null for the fund or somebody outside of the group. */
    payerMemberId: idReference("payer_member_id").references(() => tontineMembers.id),
    /** Of what left a wallet. */
    operationId: idReference("operation_id").references(() => operations.id),
    /** By the standing contribution that took it. */
    mandateId: idReference("mandate_id").references(() => tontineMandates.id),
    entryId: idReference("entry_id").notNull().unique("tontine_due_payments_entry_key"),
    paidAt: instant("paid_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("tontine_due_payments_part_key").on(t.dueId, t.part),
    check("tontine_due_payments_amount", sql`${t.amountMinor} > 0`),
    check(
      "tontine_due_payments_operation",
      sql`(${t.operationId} is not null) = (${t.via} in ('wallet', 'guarantor'))`,
    ),
    // A standing contribution takes a due once.
    uniqueIndex("tontine_due_payments_mandate_key").on(t.dueId).where(sql`${t.mandateId} is not null`),
  ],
);

/** A payment of a due that was given back, whole: to its payer, or to what is kept for them. Append-only. */
export const tontineReturns = pgTable("tontine_returns", {
  id: idColumn(),
  paymentId: idReference("payment_id")
    .notNull()
    .unique("tontine_returns_payment_key")
    .references(() => tontineDuePayments.id),
  entryId: idReference("entry_id").notNull().unique("tontine_returns_entry_key"),
  /** Of what reached a wallet. */
  operationId: idReference("operation_id").references(() => operations.id),
  createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
});

/** What a turn pays one holder of its share: proposed, approved by two officers, posted; the rest of a short pot follows as it comes. */
export const tontinePayouts = pgTable(
  "tontine_payouts",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    turnId: idReference("turn_id")
      .notNull()
      .references(() => tontineTurns.id),
    holderId: idReference("holder_id")
      .notNull()
      .references(() => tontineShareHolders.id),
    instalment: integer("instalment").notNull(),
    /** The holder's member when it was proposed. */
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    amountMinor: amountColumn("amount_minor").notNull(),
    /** What of it was kept for the receiver: above the ceiling, a frozen wallet, no account. */
    keptMinor: amountColumn("kept_minor").notNull().default(sql`0`),
    /** What of it paid the receiver's own arrears and fines. */
    nettedMinor: amountColumn("netted_minor").notNull().default(sql`0`),
    /** What of it the box kept because the receiver left. */
    retainedMinor: amountColumn("retained_minor").notNull().default(sql`0`),
    /** The whole turn was approved with this one; set on what follows without approvals of its own. */
    approvedPayoutId: idReference("approved_payout_id"),
    /** SHA-256 of what officers were shown. */
    shownHash: bytea("shown_hash").notNull(),
    state: text("state").notNull().default("proposed"),
    reason: text("reason"),
    operationId: idReference("operation_id").references(() => operations.id),
    proposedAt: instant("proposed_at").notNull().default(sql`clock_timestamp()`),
    postedAt: instant("posted_at"),
  },
  (t) => [
    uniqueIndex("tontine_payouts_key")
      .on(t.turnId, t.holderId, t.instalment)
      .where(sql`${t.state} in ('proposed', 'posted')`),
    uniqueIndex("tontine_payouts_proposed_key").on(t.turnId, t.holderId).where(sql`${t.state} = 'proposed'`),
    check("tontine_payouts_amount", sql`${t.amountMinor} > 0`),
    check(
      "tontine_payouts_parts",
      sql`least(${t.keptMinor}, ${t.nettedMinor}, ${t.retainedMinor}) >= 0
      and ${t.keptMinor} + ${t.nettedMinor} + ${t.retainedMinor} <= ${t.amountMinor}`,
    ),
    check("tontine_payouts_posted", sql`(${t.state} = 'posted') = (${t.postedAt} is not null)`),
    check("tontine_payouts_reason", sql`length(${t.reason}) between 1 and 140`),
    index("tontine_payouts_member").on(t.memberId),
  ],
);

/** An officer's approval of a payout as it was shown, with the PIN. Append-only; a trigger checks who may. */
export const tontineApprovals = pgTable(
  "tontine_approvals",
  {
    id: idColumn(),
    payoutId: idReference("payout_id")
      .notNull()
      .references(() => tontinePayouts.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    shownHash: bytea("shown_hash").notNull(),
    approvedAt: instant("approved_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [unique("tontine_approvals_key").on(t.payoutId, t.memberId)],
);

/** Group, turn and member of an operation of a tontine. Append-only. */
export const tontineOperations = pgTable(
  "tontine_operations",
  {
    operationId: idReference("operation_id")
      .primaryKey()
      .references(() => operations.id),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    turnId: idReference("turn_id").references(() => tontineTurns.id),
    /** Whose due it paid, or who got it: not always the wallet's owner. */
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
  },
  (t) => [index("tontine_operations_group").on(t.tontineId, t.operationId)],
);
