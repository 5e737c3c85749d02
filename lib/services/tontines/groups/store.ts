import { and, asc, count, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import {
  tontineCycles,
  tontineEvents,
  tontineMembers,
  tontineRules,
  tontineShareHolders,
  tontineShares,
  tontineSignatures,
  tontines,
  users,
  wallets,
} from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type TontineRow = typeof tontines.$inferSelect;
export type MemberRow = typeof tontineMembers.$inferSelect;
export type CycleRow = typeof tontineCycles.$inferSelect;
export type RulesRow = typeof tontineRules.$inferSelect;

/** A share's holder, or the holder of a half of it. */
export interface HolderRow {
  id: bigint;
  shareId: bigint;
  /** The share that both halves began with. */
  rootShareId: bigint;
  /** The share's place in the order that the group began with. */
  position: number;
  memberId: bigint;
  halves: number;
}

/** A member's wallet; what is frozen gets nothing now. */
export interface WalletOfMember {
  memberId: bigint;
  userId: bigint;
  walletId: bigint;
  isFrozen: boolean;
}

export async function insertTontine(
  tx: Transaction,
  values: typeof tontines.$inferInsert,
): Promise<TontineRow | null> {
  const [row] = await tx.insert(tontines).values(values).onConflictDoNothing().returning();
  return row ?? null;
}

export async function findTontine(reader: Reader, code: string): Promise<TontineRow | null> {
  const [row] = await reader.select().from(tontines).where(eq(tontines.code, code));
  return row ?? null;
}

export async function findTontineById(reader: Reader, id: bigint): Promise<TontineRow> {
  const [row] = await reader.select().from(tontines).where(eq(tontines.id, id));
  invariant(row, "a tontine is never deleted");
  return row;
}

export async function findByInviteToken(reader: Reader, tokenHash: Buffer): Promise<TontineRow | null> {
  const [row] = await reader.select().from(tontines).where(eq(tontines.inviteTokenHash, tokenHash));
  return row ?? null;
}

/** Locks the group until the transaction ends: whatever changes it or moves its money begins here. */
export async function lockTontine(tx: Transaction, id: bigint): Promise<TontineRow> {
  const [row] = await tx.select().from(tontines).where(eq(tontines.id, id)).for("no key update");
  invariant(row, "a tontine is never deleted");
  return row;
}

export async function updateTontine(
  tx: Transaction,
  id: bigint,
  patch: { state?: TontineState<"group">; inviteTokenHash?: Buffer },
): Promise<void> {
  await tx.update(tontines).set(patch).where(eq(tontines.id, id));
}

/** Both texts and the parameters; the database makes the hash. */
export async function insertRules(
  tx: Transaction,
  values: Omit<typeof tontineRules.$inferInsert, "hash">,
): Promise<RulesRow> {
  const [row] = await tx
    .insert(tontineRules)
    .values({ ...values, hash: Buffer.alloc(0) })
    .returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findRules(reader: Reader, id: bigint): Promise<RulesRow> {
  const [row] = await reader.select().from(tontineRules).where(eq(tontineRules.id, id));
  invariant(row, "rules are never deleted");
  return row;
}

export async function insertCycle(
  tx: Transaction,
  values: typeof tontineCycles.$inferInsert,
): Promise<CycleRow> {
  const [row] = await tx.insert(tontineCycles).values(values).returning();
  invariant(row, "an insert returns its row");
  const positions = Array.from({ length: row.shareCount }, (_, index) => index + 1);
  await tx.insert(tontineShares).values(positions.map((position) => ({ cycleId: row.id, position })));
  return row;
}

/** The newest cycle of a group. */
export async function findCycle(reader: Reader, tontineId: bigint): Promise<CycleRow> {
  const [row] = await reader
    .select()
    .from(tontineCycles)
    .where(eq(tontineCycles.tontineId, tontineId))
    .orderBy(desc(tontineCycles.number))
    .limit(1);
  invariant(row, "a tontine has a cycle");
  return row;
}

export async function startCycle(tx: Transaction, id: bigint, startedAt: Date): Promise<void> {
  await tx.update(tontineCycles).set({ startedAt }).where(eq(tontineCycles.id, id));
}

export async function selectMembers(reader: Reader, tontineId: bigint): Promise<MemberRow[]> {
  return await reader
    .select()
    .from(tontineMembers)
    .where(eq(tontineMembers.tontineId, tontineId))
    .orderBy(asc(tontineMembers.id));
}

export async function findMemberOf(
  reader: Reader,
  tontineId: bigint,
  userId: bigint,
): Promise<MemberRow | null> {
  const [row] = await reader
    .select()
    .from(tontineMembers)
    .where(and(eq(tontineMembers.tontineId, tontineId), eq(tontineMembers.userId, userId)));
  return row ?? null;
}

export async function insertMember(
  tx: Transaction,
  values: typeof tontineMembers.$inferInsert,
): Promise<MemberRow> {
  const [row] = await tx.insert(tontineMembers).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function updateMember(
  tx: Transaction,
  id: bigint,
  patch: { state?: TontineState<"member">; roles?: string[]; userId?: bigint; name?: string },
): Promise<void> {
  await tx.update(tontineMembers).set(patch).where(eq(tontineMembers.id, id));
}

/** Of those that are in `from`. */
export async function moveMembers(
  tx: Transaction,
  ids: readonly bigint[],
  from: TontineState<"member">,
  to: TontineState<"member">,
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(tontineMembers)
    .set({ state: to })
    .where(and(inArray(tontineMembers.id, [...ids]), eq(tontineMembers.state, from)));
}

/** In the order of the shares; halves of a share by id. */
export async function selectHolders(reader: Reader, cycleId: bigint): Promise<HolderRow[]> {
  return await reader
    .select({
      id: tontineShareHolders.id,
      shareId: tontineShareHolders.shareId,
      rootShareId: sql<bigint>`coalesce(${tontineShares.splitFromShareId}, ${tontineShares.id})`.mapWith(
        BigInt,
      ),
      position: tontineShares.position,
      memberId: tontineShareHolders.memberId,
      halves: tontineShareHolders.halves,
    })
    .from(tontineShareHolders)
    .innerJoin(tontineShares, eq(tontineShares.id, tontineShareHolders.shareId))
    .where(and(eq(tontineShares.cycleId, cycleId), isNull(tontineShareHolders.endedAt)))
    .orderBy(asc(tontineShares.position), asc(tontineShareHolders.id));
}

export async function selectShares(
  reader: Reader,
  cycleId: bigint,
): Promise<{ id: bigint; position: number }[]> {
  return await reader
    .select({ id: tontineShares.id, position: tontineShares.position })
    .from(tontineShares)
    .where(eq(tontineShares.cycleId, cycleId))
    .orderBy(asc(tontineShares.position));
}

export async function insertHolder(
  tx: Transaction,
  values: { shareId: bigint; memberId: bigint; halves: number },
): Promise<void> {
  await tx.insert(tontineShareHolders).values(values);
}

export async function endHoldersOf(tx: Transaction, memberId: bigint, endedAt: Date): Promise<void> {
  await tx
    .update(tontineShareHolders)
    .set({ endedAt })
    .where(and(eq(tontineShareHolders.memberId, memberId), isNull(tontineShareHolders.endedAt)));
}

/** A share of a half of another one, after all others. Answers its id. */
export async function insertShare(
  tx: Transaction,
  cycleId: bigint,
  splitFromShareId: bigint,
): Promise<bigint> {
  const last = sql<number>`(select max(position) + 1 from tontine_shares where cycle_id = ${cycleId.toString()}::bigint)`;
  const [row] = await tx
    .insert(tontineShares)
    .values({ cycleId, position: last, splitFromShareId })
    .returning();
  invariant(row, "an insert returns its row");
  return row.id;
}

export async function moveHolderToShare(tx: Transaction, id: bigint, shareId: bigint): Promise<void> {
  await tx.update(tontineShareHolders).set({ shareId }).where(eq(tontineShareHolders.id, id));
}

export async function moveHolder(tx: Transaction, id: bigint, memberId: bigint): Promise<void> {
  await tx.update(tontineShareHolders).set({ memberId }).where(eq(tontineShareHolders.id, id));
}

/** Gives shares other places in the order. Positions are unique, so they pass through negative ones. */
export async function reorderShares(tx: Transaction, shareIds: readonly bigint[]): Promise<void> {
  for (const sign of [-1, 1]) {
    for (const [index, id] of shareIds.entries()) {
      await tx
        .update(tontineShares)
        .set({ position: sign * (index + 1) })
        .where(eq(tontineShares.id, id));
    }
  }
}

export async function insertSignature(
  tx: Transaction,
  values: typeof tontineSignatures.$inferInsert,
): Promise<void> {
  await tx.insert(tontineSignatures).values(values).onConflictDoNothing();
}

export async function countSignatures(reader: Reader, rulesId: bigint): Promise<number> {
  const [row] = await reader
    .select({ signed: count() })
    .from(tontineSignatures)
    .where(eq(tontineSignatures.rulesId, rulesId));
  return row?.signed ?? 0;
}

/** The wallets of members with an account. */
export async function selectWallets(
  reader: Reader,
  memberIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, WalletOfMember>> {
  if (memberIds.length === 0) return new Map();
  const rows = await reader
    .select({
      memberId: tontineMembers.id,
      userId: users.id,
      walletId: wallets.id,
      isFrozen: sql<boolean>`${wallets.frozenAt} is not null or ${users.frozenAt} is not null`,
    })
    .from(tontineMembers)
    .innerJoin(users, eq(users.id, tontineMembers.userId))
    .innerJoin(wallets, eq(wallets.userId, users.id))
    .where(inArray(tontineMembers.id, [...memberIds]));
  return new Map(rows.map((row) => [row.memberId, row]));
}

export async function insertEvents(
  tx: Transaction,
  rows: (typeof tontineEvents.$inferInsert)[],
): Promise<void> {
  if (rows.length > 0) await tx.insert(tontineEvents).values(rows);
}

/** The groups of a user, newest first. */
export async function selectTontinesOf(
  reader: Reader,
  userId: bigint,
  limit: number,
): Promise<{ tontine: TontineRow; member: MemberRow }[]> {
  return await reader
    .select({ tontine: tontines, member: tontineMembers })
    .from(tontineMembers)
    .innerJoin(tontines, eq(tontines.id, tontineMembers.tontineId))
    .where(eq(tontineMembers.userId, userId))
    .orderBy(desc(tontineMembers.id))
    .limit(limit);
}

/** How a user is named to a group, and the verified number that finds a place made for them. */
export async function findPerson(
  reader: Reader,
  userId: bigint,
): Promise<{ firstName: string; lastName: string; locale: "fr" | "en"; verifiedPhone: string | null }> {
  const [row] = await reader
    .select({
      firstName: users.firstName,
      lastName: users.lastName,
      locale: users.locale,
      verifiedPhone: sql<
        string | null
      >`case when ${users.phoneVerifiedAt} is not null then ${users.phone} end`,
    })
    .from(users)
    .where(eq(users.id, userId));
  invariant(row, "an actor is a user");
  return row;
}

/** The numbers of members without an account. */
export async function selectAddedPhones(reader: Reader, tontineId: bigint): Promise<string[]> {
  const rows = await reader
    .select({ phone: tontineMembers.phone })
    .from(tontineMembers)
    .where(
      and(
        eq(tontineMembers.tontineId, tontineId),
        isNull(tontineMembers.userId),
        isNotNull(tontineMembers.phone),
      ),
    );
  return rows.flatMap(({ phone }) => phone ?? []);
}

/** The person who has verified a number, E.164; null where nobody has. */
export async function findVerifiedOwner(reader: Reader, phone: string): Promise<bigint | null> {
  const [row] = await reader
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.phone, phone), isNotNull(users.phoneVerifiedAt)));
  return row?.id ?? null;
}

export async function setCycleRules(tx: Transaction, cycleId: bigint, rulesId: bigint): Promise<void> {
  await tx.update(tontineCycles).set({ rulesId }).where(eq(tontineCycles.id, cycleId));
}

/** Members who asked to leave and neither took it back nor were refused; also those who have left since. */
export async function selectLeavers(reader: Reader, tontineId: bigint): Promise<ReadonlySet<bigint>> {
  const rows = await reader
    .select({ memberId: tontineEvents.memberId, kind: tontineEvents.kind })
    .from(tontineEvents)
    .where(
      and(
        eq(tontineEvents.tontineId, tontineId),
        inArray(tontineEvents.kind, ["member.leaving", "member.staying"]),
      ),
    )
    .orderBy(asc(tontineEvents.id));
  const last = new Map(rows.map(({ memberId, kind }) => [memberId, kind]));
  return new Set([...last].flatMap(([id, kind]) => (id !== null && kind === "member.leaving" ? [id] : [])));
}
