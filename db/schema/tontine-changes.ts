import { sql } from "drizzle-orm";
import { type AnyPgColumn, check, index, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { amountColumn, idColumn, idReference, instant } from "./columns";
import { operations } from "./operations";
import { tontineDues, tontineTurns } from "./tontine-turns";
import { tontineMembers, tontineShareHolders, tontines } from "./tontines";

/** Who pays when a member doesn't: a guarantor's promise, up to an amount. */
export const tontineGuarantees = pgTable(
  "tontine_guarantees",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    guarantorMemberId: idReference("guarantor_member_id")
      .notNull()
      .references(() => tontineMembers.id),
    amountMinor: amountColumn("amount_minor").notNull(),
    /** What the guarantor paid so far. */
    usedMinor: amountColumn("used_minor").notNull().default(sql`0`),
    state: text("state").notNull().default("offered"),
    signedAt: instant("signed_at"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check(
      "tontine_guarantees_amount",
      sql`${t.amountMinor} > 0 and ${t.usedMinor} between 0 and ${t.amountMinor}`,
    ),
    check("tontine_guarantees_other", sql`${t.memberId} <> ${t.guarantorMemberId}`),
    uniqueIndex("tontine_guarantees_live_key")
      .on(t.memberId)
      .where(sql`${t.state} in ('offered', 'signed', 'called')`),
  ],
);

/** What a member owes whoever paid for them. */
export const tontineDebts = pgTable(
  "tontine_debts",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    debtorMemberId: idReference("debtor_member_id")
      .notNull()
      .references(() => tontineMembers.id),
    creditor: text("creditor", { enum: ["member", "solidarity"] }).notNull(),
    creditorMemberId: idReference("creditor_member_id").references(() => tontineMembers.id),
    /** The due that was paid for the debtor. */
    dueId: idReference("due_id")
      .notNull()
      .references((): AnyPgColumn => tontineDues.id),
    amountMinor: amountColumn("amount_minor").notNull(),
    repaidMinor: amountColumn("repaid_minor").notNull().default(sql`0`),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check(
      "tontine_debts_amount",
      sql`${t.amountMinor} > 0 and ${t.repaidMinor} between 0 and ${t.amountMinor}`,
    ),
    check("tontine_debts_creditor", sql`(${t.creditor} = 'member') = (${t.creditorMemberId} is not null)`),
    check("tontine_debts_other", sql`${t.creditorMemberId} is distinct from ${t.debtorMemberId}`),
    index("tontine_debts_debtor").on(t.debtorMemberId, t.id),
  ],
);

/** A part of a debt that was repaid. Append-only. */
export const tontineDebtRepayments = pgTable(
  "tontine_debt_repayments",
  {
    id: idColumn(),
    debtId: idReference("debt_id")
      .notNull()
      .references(() => tontineDebts.id),
    amountMinor: amountColumn("amount_minor").notNull(),
    /** Null where what had been paid for the debtor was given back within the group. */
    operationId: idReference("operation_id").references(() => operations.id),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("tontine_debt_repayments_amount", sql`${t.amountMinor} > 0`),
    unique("tontine_debt_repayments_key").on(t.debtId, t.operationId),
  ],
);

/** Two holders exchange their turns. */
export const tontineSwaps = pgTable(
  "tontine_swaps",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    /** Who asks. */
    fromHolderId: idReference("from_holder_id")
      .notNull()
      .references(() => tontineShareHolders.id),
    toHolderId: idReference("to_holder_id")
      .notNull()
      .references(() => tontineShareHolders.id),
    /** The turns as they were when it was offered: another one voids it. */
    fromTurnId: idReference("from_turn_id")
      .notNull()
      .references(() => tontineTurns.id),
    toTurnId: idReference("to_turn_id")
      .notNull()
      .references(() => tontineTurns.id),
    /** What the one who asks gives the other for it, wallet to wallet; zero for nothing. */
    considerationMinor: amountColumn("consideration_minor").notNull().default(sql`0`),
    state: text("state").notNull().default("offered"),
    countersignedBy: idReference("countersigned_by").references(() => tontineMembers.id),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    check(
      "tontine_swaps_other",
      sql`${t.fromHolderId} <> ${t.toHolderId} and ${t.fromTurnId} <> ${t.toTurnId}`,
    ),
    check("tontine_swaps_consideration", sql`${t.considerationMinor} >= 0`),
  ],
);

/** A member's place goes to somebody else, arrears too. */
export const tontineHandovers = pgTable(
  "tontine_handovers",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    holderId: idReference("holder_id")
      .notNull()
      .references(() => tontineShareHolders.id),
    fromMemberId: idReference("from_member_id")
      .notNull()
      .references(() => tontineMembers.id),
    /** Null while an offer to whoever is given its link waits for them. */
    toMemberId: idReference("to_member_id").references(() => tontineMembers.id),
    state: text("state").notNull().default("offered"),
    countersignedBy: idReference("countersigned_by").references(() => tontineMembers.id),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [check("tontine_handovers_other", sql`${t.fromMemberId} <> ${t.toMemberId}`)],
);
