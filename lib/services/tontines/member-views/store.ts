import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import {
  operations,
  tontineDuePayments,
  tontineDues,
  tontineMembers,
  tontineShareHolders,
  tontines,
} from "@/db/schema";
import type { Currency } from "@/lib/money/currency";
import { OPEN_STATES } from "../turns/store";

const OPEN_AMOUNT = sql`(${tontineDues.amountMinor} - ${tontineDues.paidMinor} - ${tontineDues.coveredMinor} - ${tontineDues.waivedMinor})`;

/** When each of these dues was last paid, and from what. */
export async function selectLastPayments(
  reader: Reader,
  dueIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, Date>> {
  if (dueIds.length === 0) return new Map();
  const rows = await reader
    .select({
      dueId: tontineDuePayments.dueId,
      paidAt: sql<Date>`max(${tontineDuePayments.paidAt})`.mapWith(tontineDuePayments.paidAt),
    })
    .from(tontineDuePayments)
    .where(inArray(tontineDuePayments.dueId, [...dueIds]))
    .groupBy(tontineDuePayments.dueId);
  return new Map(rows.map(({ dueId, paidAt }) => [dueId, paidAt]));
}

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
    .where(and(eq(tontineShareHolders.memberId, memberId), eq(tontineDues.kind, "contribution")));
  return BigInt(row?.total ?? 0);
}

/** A contribution of a called turn, with who owes it. */
export interface TurnDue {
  id: bigint;
  memberId: bigint;
  halves: number;
  state: string;
  amountMinor: bigint;
  openMinor: bigint;
  dueAt: Date;
}

/** The contributions of a turn, in the order in which their shares were taken. */
export async function selectContributions(reader: Reader, turnId: bigint): Promise<TurnDue[]> {
  return await reader
    .select({
      id: tontineDues.id,
      memberId: tontineShareHolders.memberId,
      halves: tontineShareHolders.halves,
      state: tontineDues.state,
      amountMinor: tontineDues.amountMinor,
      openMinor: sql<bigint>`${OPEN_AMOUNT}`.mapWith(BigInt),
      dueAt: tontineDues.dueAt,
    })
    .from(tontineDues)
    .innerJoin(tontineShareHolders, eq(tontineShareHolders.id, tontineDues.holderId))
    .where(and(eq(tontineDues.turnId, turnId), eq(tontineDues.kind, "contribution")))
    .orderBy(asc(tontineDues.id));
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
  const dueAt = sql<Date>`min(${tontineDues.dueAt})`.mapWith(tontineDues.dueAt);
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
