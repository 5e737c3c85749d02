import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineDecisions, tontineDues, tontineMembers, tontineTurns, tontineVotes } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type DecisionRow = typeof tontineDecisions.$inferSelect;
export type VoteRow = typeof tontineVotes.$inferSelect;

/** The database makes the hash, and refuses other voters than all who may vote. */
export async function insertDecision(
  tx: Transaction,
  values: Omit<typeof tontineDecisions.$inferInsert, "shownHash">,
): Promise<DecisionRow> {
  const [row] = await tx
    .insert(tontineDecisions)
    .values({ ...values, shownHash: Buffer.alloc(0) })
    .returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findDecision(
  reader: Reader,
  tontineId: bigint,
  id: bigint,
): Promise<DecisionRow | null> {
  const [row] = await reader
    .select()
    .from(tontineDecisions)
    .where(and(eq(tontineDecisions.id, id), eq(tontineDecisions.tontineId, tontineId)));
  return row ?? null;
}

const LIVE = ["open", "adopted"] as const satisfies TontineState<"decision">[];

/** Those of a group that are not over, by id. */
export async function selectLiveDecisions(reader: Reader, tontineId: bigint): Promise<DecisionRow[]> {
  return await reader
    .select()
    .from(tontineDecisions)
    .where(and(eq(tontineDecisions.tontineId, tontineId), inArray(tontineDecisions.state, [...LIVE])))
    .orderBy(asc(tontineDecisions.id));
}

/** The newest decisions of a group. */
export async function selectDecisions(
  reader: Reader,
  tontineId: bigint,
  limit: number,
): Promise<DecisionRow[]> {
  return await reader
    .select()
    .from(tontineDecisions)
    .where(eq(tontineDecisions.tontineId, tontineId))
    .orderBy(desc(tontineDecisions.id))
    .limit(limit);
}

/** When the newest decision of a kind was applied; null for none. */
export async function findAppliedAt(reader: Reader, tontineId: bigint, kind: string): Promise<Date | null> {
  const [row] = await reader
    .select({ appliedAt: tontineDecisions.appliedAt })
    .from(tontineDecisions)
    .where(
      and(
        eq(tontineDecisions.tontineId, tontineId),
        eq(tontineDecisions.kind, kind),
        eq(tontineDecisions.state, "applied"),
      ),
    )
    .orderBy(desc(tontineDecisions.id))
    .limit(1);
  return row?.appliedAt ?? null;
}

export async function updateDecision(
  tx: Transaction,
  id: bigint,
  patch: { state: TontineState<"decision">; decidedAt?: Date; appliedAt?: Date },
): Promise<void> {
  await tx.update(tontineDecisions).set(patch).where(eq(tontineDecisions.id, id));
}

export async function insertVote(tx: Transaction, values: typeof tontineVotes.$inferInsert): Promise<void> {
  await tx.insert(tontineVotes).values(values);
}

/** Of these decisions, in the order of voting. */
export async function selectVotes(reader: Reader, decisionIds: readonly bigint[]): Promise<VoteRow[]> {
  if (decisionIds.length === 0) return [];
  return await reader
    .select()
    .from(tontineVotes)
    .where(inArray(tontineVotes.decisionId, [...decisionIds]))
    .orderBy(asc(tontineVotes.id));
}

/** How many decisions wait for a member's vote. */
export async function countAwaitedVotes(reader: Reader, memberId: bigint, now: Date): Promise<number> {
  const id = memberId.toString();
  const rows = await reader
    .select({ id: tontineDecisions.id })
    .from(tontineDecisions)
    .innerJoin(tontineMembers, eq(tontineMembers.tontineId, tontineDecisions.tontineId))
    .where(
      and(
        eq(tontineMembers.id, memberId),
        inArray(tontineMembers.state, ["active", "late"]),
        eq(tontineDecisions.state, "open"),
        sql`${tontineDecisions.closesAt} > ${now.toISOString()}::timestamptz`,
        sql`${id}::bigint = any (${tontineDecisions.voterIds})`,
        sql`not exists (select from ${tontineVotes} where ${tontineVotes.decisionId} = ${tontineDecisions.id}
          and ${tontineVotes.memberId} = ${id}::bigint)`,
      ),
    );
  return rows.length;
}

/** Moves the dates of a turn. */
export async function moveTurn(
  tx: Transaction,
  id: bigint,
  dates: { dueOn: string; dueAt: Date; closesAt: Date },
): Promise<void> {
  await tx.update(tontineTurns).set(dates).where(eq(tontineTurns.id, id));
}

/** A due is due later, and no more late by a vote about its debtor. */
export async function postponeDue(
  tx: Transaction,
  id: bigint,
  patch: { postponedTo: Date; rescheduledBy?: bigint; state?: TontineState<"due"> },
): Promise<void> {
  await tx.update(tontineDues).set(patch).where(eq(tontineDues.id, id));
}
