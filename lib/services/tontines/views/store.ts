import { and, asc, desc, eq, gte, inArray, lt, ne, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import {
  operations,
  tontineApprovals,
  tontineDebts,
  tontineDuePayments,
  tontineDues,
  tontineEvents,
  tontineMembers,
  tontinePayouts,
  tontineRules,
  tontineShareHolders,
  tontineSignatures,
  tontines,
  tontineTurns,
} from "@/db/schema";
import type { Currency } from "@/lib/money/currency";
import type { DebtRow } from "../money/store";
import { type DueRow, OPEN_STATES } from "../turns/store";

const OPEN_AMOUNT = sql`(${tontineDues.amountMinor} - ${tontineDues.paidMinor} - ${tontineDues.coveredMinor} - ${tontineDues.waivedMinor})`;

/** A payment of one of a member's dues. */
export interface PaymentOfDue {
  dueId: bigint;
  amountMinor: bigint;
  via: (typeof tontineDuePayments.$inferSelect)["via"];
  payerMemberId: bigint | null;
  paidAt: Date;
  /** Of the operation in the payer's history; null for what left no wallet. */
  reference: string | null;
}

/** All payments of a member's dues, the newest first. */
export async function selectPaymentsOf(reader: Reader, memberId: bigint): Promise<PaymentOfDue[]> {
  return await reader
    .select({
      dueId: tontineDuePayments.dueId,
      amountMinor: tontineDuePayments.amountMinor,
      via: tontineDuePayments.via,
      payerMemberId: tontineDuePayments.payerMemberId,
      paidAt: tontineDuePayments.paidAt,
      reference: operations.reference,
    })
    .from(tontineDuePayments)
    .innerJoin(tontineDues, eq(tontineDues.id, tontineDuePayments.dueId))
    .innerJoin(tontineShareHolders, eq(tontineShareHolders.id, tontineDues.holderId))
    .leftJoin(operations, eq(operations.id, tontineDuePayments.operationId))
    .where(eq(tontineShareHolders.memberId, memberId))
    .orderBy(desc(tontineDuePayments.paidAt), desc(tontineDuePayments.id));
}

/** What a member has paid as contributions, or others for them. */
export async function sumContributionsOf(reader: Reader, memberId: bigint): Promise<bigint> {
  const [row] = await reader
    .select({ total: sql<string>`coalesce(sum(${tontineDues.paidMinor}), 0)` })
    .from(tontineDues)
    .innerJoin(tontineShareHolders, eq(tontineShareHolders.id, tontineDues.holderId))
    .where(
      and(
        eq(tontineShareHolders.memberId, memberId),
        eq(tontineDues.kind, "contribution"),
        ne(tontineDues.state, "returned"),
      ),
    );
  return BigInt(row?.total ?? 0);
}

/** A debt with the due that was paid for the debtor. */
export interface DebtOfDue extends DebtRow {
  dueKind: DueRow["kind"];
  turnNumber: number;
}

/** All debts of a group, in the order of paying. */
export async function selectDebtsOfDues(reader: Reader, tontineId: bigint): Promise<DebtOfDue[]> {
  const rows = await reader
    .select({ debt: tontineDebts, dueKind: tontineDues.kind, turnNumber: tontineTurns.number })
    .from(tontineDebts)
    .innerJoin(tontineDues, eq(tontineDues.id, tontineDebts.dueId))
    .innerJoin(tontineTurns, eq(tontineTurns.id, tontineDues.turnId))
    .where(eq(tontineDebts.tontineId, tontineId))
    .orderBy(asc(tontineDebts.id));
  return rows.map(({ debt, ...due }) => ({ ...debt, ...due }));
}

/** What a user owes in the group where it is due first. */
export async function selectNextDue(
  reader: Reader,
  userId: bigint,
): Promise<{
  code: string;
  name: string;
  zone: string;
  currency: Currency;
  amountMinor: bigint;
  dueAt: Date;
  isLate: boolean;
} | null> {
  const dueAt = sql<Date>`min(coalesce(${tontineDues.postponedTo}, ${tontineDues.dueAt}))`.mapWith(
    tontineDues.dueAt,
  );
  const [row] = await reader
    .select({
      code: tontines.code,
      name: tontines.name,
      zone: tontines.zone,
      currency: tontines.currency,
      amountMinor: sql<bigint>`sum(${OPEN_AMOUNT})`.mapWith(BigInt),
      dueAt,
      isLate: sql<boolean>`bool_or(${tontineDues.state} = 'late')`,
    })
    .from(tontineMembers)
    .innerJoin(tontineShareHolders, eq(tontineShareHolders.memberId, tontineMembers.id))
    .innerJoin(tontineDues, eq(tontineDues.holderId, tontineShareHolders.id))
    .innerJoin(tontines, eq(tontines.id, tontineMembers.tontineId))
    .where(and(eq(tontineMembers.userId, userId), inArray(tontineDues.state, [...OPEN_STATES])))
    .groupBy(tontines.id)
    .orderBy(asc(dueAt))
    .limit(1);
  return row ?? null;
}

/** An approval with the name of who gave it. */
export interface NamedApproval {
  payoutId: bigint;
  memberId: bigint;
  name: string;
  approvedAt: Date;
}

/** The approvals of a group's payouts, in the order of giving. */
export async function selectNamedApprovals(reader: Reader, tontineId: bigint): Promise<NamedApproval[]> {
  return await reader
    .select({
      payoutId: tontineApprovals.payoutId,
      memberId: tontineApprovals.memberId,
      name: tontineMembers.name,
      approvedAt: tontineApprovals.approvedAt,
    })
    .from(tontineApprovals)
    .innerJoin(tontinePayouts, eq(tontinePayouts.id, tontineApprovals.payoutId))
    .innerJoin(tontineMembers, eq(tontineMembers.id, tontineApprovals.memberId))
    .where(eq(tontinePayouts.tontineId, tontineId))
    .orderBy(asc(tontineApprovals.id));
}

/** How each of a turn's dues was last paid. */
export async function selectPaidBy(
  reader: Reader,
  turnId: bigint,
): Promise<ReadonlyMap<bigint, { at: Date; payerMemberId: bigint | null; isStanding: boolean }>> {
  const rows = await reader
    .select({
      dueId: tontineDuePayments.dueId,
      at: tontineDuePayments.paidAt,
      payerMemberId: tontineDuePayments.payerMemberId,
      mandateId: tontineDuePayments.mandateId,
    })
    .from(tontineDuePayments)
    .innerJoin(tontineDues, eq(tontineDues.id, tontineDuePayments.dueId))
    .where(eq(tontineDues.turnId, turnId))
    .orderBy(asc(tontineDuePayments.id));
  return new Map(
    rows.map(({ dueId, mandateId, ...paid }) => [dueId, { ...paid, isStanding: mandateId !== null }]),
  );
}

/** Who signed rules, for whom, and when. */
export interface NamedSignature {
  memberId: bigint;
  name: string;
  signedAt: Date;
  /** True when an officer read the rules to them and signed. */
  isByOfficer: boolean;
}

export async function selectSignatures(reader: Reader, rulesId: bigint): Promise<NamedSignature[]> {
  return await reader
    .select({
      memberId: tontineSignatures.memberId,
      name: tontineMembers.name,
      signedAt: tontineSignatures.signedAt,
      isByOfficer: sql<boolean>`${tontineMembers.userId} is distinct from ${tontineSignatures.signedByUserId}`,
    })
    .from(tontineSignatures)
    .innerJoin(tontineMembers, eq(tontineMembers.id, tontineSignatures.memberId))
    .where(eq(tontineSignatures.rulesId, rulesId))
    .orderBy(asc(tontineSignatures.id));
}

/** All versions of a group's rules, the newest first. */
export async function selectVersions(
  reader: Reader,
  tontineId: bigint,
): Promise<{ version: number; createdAt: Date }[]> {
  return await reader
    .select({ version: tontineRules.version, createdAt: tontineRules.createdAt })
    .from(tontineRules)
    .where(eq(tontineRules.tontineId, tontineId))
    .orderBy(desc(tontineRules.version));
}

/** A payment of a due of a turn. */
export interface PaymentOfTurn {
  id: bigint;
  dueId: bigint;
  part: number;
  amountMinor: bigint;
  via: PaymentOfDue["via"];
  payerMemberId: bigint | null;
  paidAt: Date;
}

/** All payments of a turn's dues, in the order of paying. */
export async function selectPaymentsOfTurn(reader: Reader, turnId: bigint): Promise<PaymentOfTurn[]> {
  return await reader
    .select({
      id: tontineDuePayments.id,
      dueId: tontineDuePayments.dueId,
      part: tontineDuePayments.part,
      amountMinor: tontineDuePayments.amountMinor,
      via: tontineDuePayments.via,
      payerMemberId: tontineDuePayments.payerMemberId,
      paidAt: tontineDuePayments.paidAt,
    })
    .from(tontineDuePayments)
    .innerJoin(tontineDues, eq(tontineDues.id, tontineDuePayments.dueId))
    .where(eq(tontineDues.turnId, turnId))
    .orderBy(asc(tontineDuePayments.id));
}

export type EventRow = typeof tontineEvents.$inferSelect;

/** Events of these kinds in a group's journal between two times, in their order; `to` null for all that came after `from`. */
export async function selectEvents(
  reader: Reader,
  tontineId: bigint,
  { kinds, from, to }: { kinds: readonly string[]; from: Date | null; to: Date | null },
): Promise<EventRow[]> {
  return await reader
    .select()
    .from(tontineEvents)
    .where(
      and(
        eq(tontineEvents.tontineId, tontineId),
        inArray(tontineEvents.kind, [...kinds]),
        from === null ? undefined : gte(tontineEvents.createdAt, from),
        to === null ? undefined : lt(tontineEvents.createdAt, to),
      ),
    )
    .orderBy(asc(tontineEvents.id));
}
