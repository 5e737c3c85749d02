import { and, desc, eq, gt, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import {
  decisions,
  disputes,
  operationEvents,
  operations,
  tontineMembers,
  tontineOperations,
  tontines,
  tontineTurns,
  users,
  vaults,
  wallets,
} from "@/db/schema";
import { invariant } from "@/lib/invariant";
import { shownName } from "../identity/users/shown-name";
import type { OperationState, OperationType } from "./kinds";

export type OperationRow = typeof operations.$inferSelect;
export type { OperationState, OperationType };
export type NewOperation = typeof operations.$inferInsert;
export type OperationEventRow = typeof operationEvents.$inferSelect;

export async function insertOperation(tx: Transaction, values: NewOperation): Promise<OperationRow> {
  const [row] = await tx.insert(operations).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function insertOperations(tx: Transaction, values: NewOperation[]): Promise<OperationRow[]> {
  return await tx.insert(operations).values(values).returning();
}

export async function findByReference(reader: Reader, reference: string): Promise<OperationRow | null> {
  const [row] = await reader.select().from(operations).where(eq(operations.reference, reference));
  return row ?? null;
}

/** Those that the wallet is a side of. */
export async function selectByReferences(
  reader: Reader,
  walletId: bigint,
  references: readonly string[],
): Promise<OperationRow[]> {
  if (references.length === 0) return [];
  return await reader
    .select()
    .from(operations)
    .where(
      and(
        // One parameter, however many references: a list of parameters would be another statement for each length.
        sql`${operations.reference} = any (${sql.param([...references])})`,
        or(eq(operations.walletId, walletId), eq(operations.counterpartyWalletId, walletId)),
      ),
    );
}

export async function findReferenceById(reader: Reader, id: bigint): Promise<string | null> {
  const [row] = await reader
    .select({ reference: operations.reference })
    .from(operations)
    .where(eq(operations.id, id));
  return row?.reference ?? null;
}

/** Names that a provider's event may call an operation by. */
export interface OperationNames {
  provider: string;
  type?: OperationType;
  references: readonly string[];
  providerReferences?: readonly string[];
  /** Instead: those that changed since then and whose provider's reference isn't known yet. */
  unboundSince?: Date;
}

/** At most two that match, oldest first. */
export async function selectNamed(reader: Reader, names: OperationNames): Promise<OperationRow[]> {
  const { provider, type, references, providerReferences = [], unboundSince } = names;
  if (references.length + providerReferences.length === 0 && !unboundSince) return [];
  const named = unboundSince
    ? and(
        isNull(operations.providerReference),
        inArray(operations.state, ["pending", "submitting", "unknown"]),
        gt(operations.updatedAt, unboundSince),
      )
    : or(
        inArray(operations.reference, [...references]),
        inArray(operations.providerReference, [...providerReferences]),
      );
  return await reader
    .select()
    .from(operations)
    .where(
      and(
        eq(operations.provider, provider),
        inArray(operations.type, type ? [type] : ["deposit", "withdrawal"]),
        named,
      ),
    )
    .orderBy(operations.id)
    .limit(2);
}

/** Locks the row until the transaction ends; every change of state begins here. */
export async function lockByReference(tx: Transaction, reference: string): Promise<OperationRow | null> {
  const [row] = await tx.select().from(operations).where(eq(operations.reference, reference)).for("update");
  return row ?? null;
}

export async function lockById(tx: Transaction, id: bigint): Promise<OperationRow | null> {
  const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for("update");
  return row ?? null;
}

export type OperationPatch = Partial<
  Pick<NewOperation, "state" | "reason" | "providerReference" | "paymentUrl" | "attempt">
>;

export async function updateOperation(
  tx: Transaction,
  id: bigint,
  patch: OperationPatch,
): Promise<OperationRow> {
  const [row] = await tx
    .update(operations)
    .set({ ...patch, updatedAt: sql`clock_timestamp()` })
    .where(eq(operations.id, id))
    .returning();
  invariant(row, "an operation is never deleted");
  return row;
}

export async function insertEvent(
  tx: Transaction,
  values: typeof operationEvents.$inferInsert,
): Promise<void> {
  await tx.insert(operationEvents).values(values);
}

export async function insertEvents(
  tx: Transaction,
  values: (typeof operationEvents.$inferInsert)[],
): Promise<void> {
  await tx.insert(operationEvents).values(values);
}

/** What was taken back of a deposit, over all its disputes. */
export async function sumTakenBack(reader: Reader, operationId: bigint): Promise<bigint> {
  const [row] = await reader
    .select({ sum: sql<bigint>`coalesce(sum(${disputes.amountMinor}), 0)`.mapWith(BigInt) })
    .from(disputes)
    .where(and(eq(disputes.operationId, operationId), eq(disputes.state, "taken_back")));
  return row?.sum ?? 0n;
}

const EVENTS_MAX = 100;

/** An operation's newest {@link EVENTS_MAX} events, oldest first. */
export async function listEvents(reader: Reader, operationId: bigint): Promise<OperationEventRow[]> {
  const newestFirst = await reader
    .select()
    .from(operationEvents)
    .where(eq(operationEvents.operationId, operationId))
    .orderBy(desc(operationEvents.id))
    .limit(EVENTS_MAX);
  return newestFirst.reverse();
}

/**
 * The end of the latest attempt with an unknown outcome. An attempt that was refused, or that never reached the provider,
 * leaves an earlier one as unknown as it was: its event has no reason.
 */
export async function findLatestOpenAttempt(reader: Reader, operationId: bigint): Promise<Date | null> {
  const [row] = await reader
    .select({ createdAt: operationEvents.createdAt })
    .from(operationEvents)
    .where(
      and(
        eq(operationEvents.operationId, operationId),
        eq(operationEvents.toState, "unknown"),
        eq(operationEvents.reason, "outcome_unknown"),
      ),
    )
    .orderBy(desc(operationEvents.id))
    .limit(1);
  return row?.createdAt ?? null;
}

/** How far back a method that was used is remembered: a bound on what is read. */
const RECENT_OPERATIONS = 200;

/** The method of the newest operation of this type among a wallet's recent ones. */
export async function selectLastMethod(
  reader: Reader,
  walletId: bigint,
  type: OperationType,
): Promise<string | null> {
  const recent = reader
    .select({ id: operations.id, type: operations.type, method: operations.method })
    .from(operations)
    .where(eq(operations.walletId, walletId))
    .orderBy(desc(operations.walletId), desc(operations.id))
    .limit(RECENT_OPERATIONS)
    .as("recent");
  const [row] = await reader
    .select({ method: recent.method })
    .from(recent)
    .where(and(eq(recent.type, type), isNotNull(recent.method)))
    .orderBy(desc(recent.id))
    .limit(1);
  return row?.method ?? null;
}

/** The group and turn of an operation of a tontine. */
export interface TontineParty {
  code: string;
  name: string;
  /** Null for what belongs to no turn: paid in advance, a debt repaid, what is shared out. */
  turnNumber: number | null;
  /** Whose due it paid, or who got it, as the group names them. */
  memberName: string;
}

/** The other sides of a page of operations: wallets by id, with number and shown name; vaults' names by id; tontines by operation. */
export interface Parties {
  wallets: ReadonlyMap<bigint, { name: string; walletNumber: string }>;
  vaults: ReadonlyMap<bigint, string>;
  tontines?: ReadonlyMap<bigint, TontineParty>;
}

export async function selectParties(reader: Reader, rows: readonly OperationRow[]): Promise<Parties> {
  const walletIds = rows.flatMap(({ type, walletId, counterpartyWalletId }) =>
    type === "transfer" ? [walletId, counterpartyWalletId ?? walletId] : [],
  );
  const vaultIds = rows.flatMap(({ vaultId }) => (vaultId === null ? [] : [vaultId]));
  const people =
    walletIds.length === 0
      ? []
      : await reader
          .select({
            id: wallets.id,
            number: wallets.number,
            firstName: users.firstName,
            lastName: users.lastName,
          })
          .from(wallets)
          .innerJoin(users, eq(users.id, wallets.userId))
          .where(inArray(wallets.id, [...new Set(walletIds)]));
  const named =
    vaultIds.length === 0
      ? []
      : await reader
          .select({ id: vaults.id, name: vaults.name })
          .from(vaults)
          .where(inArray(vaults.id, [...new Set(vaultIds)]));
  return {
    wallets: new Map(
      people.map((row) => [
        row.id,
        { name: shownName(row.firstName, row.lastName), walletNumber: row.number },
      ]),
    ),
    vaults: new Map(named.map((row) => [row.id, row.name])),
    tontines: await selectTontineParties(reader, rows),
  };
}

async function selectTontineParties(
  reader: Reader,
  rows: readonly OperationRow[],
): Promise<ReadonlyMap<bigint, TontineParty>> {
  const ids = rows.flatMap(({ id, type }) => (type.startsWith("tontine_") ? [id] : []));
  if (ids.length === 0) return new Map();
  const found = await reader
    .select({
      id: tontineOperations.operationId,
      code: tontines.code,
      name: tontines.name,
      turnNumber: tontineTurns.number,
      memberName: tontineMembers.name,
    })
    .from(tontineOperations)
    .innerJoin(tontines, eq(tontines.id, tontineOperations.tontineId))
    .innerJoin(tontineMembers, eq(tontineMembers.id, tontineOperations.memberId))
    .leftJoin(tontineTurns, eq(tontineTurns.id, tontineOperations.turnId))
    .where(inArray(tontineOperations.operationId, ids));
  return new Map(found.map(({ id, ...party }) => [id, party]));
}

/** About an operation or about a webhook event. */
export type NewDecision = Pick<typeof decisions.$inferSelect, "verdict" | "operator" | "note"> &
  ({ operationId: bigint } | { eventId: bigint });

export async function insertDecision(tx: Transaction, values: NewDecision): Promise<void> {
  await tx.insert(decisions).values(values);
}
