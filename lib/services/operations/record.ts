import type { Transaction } from "@/db/client";
import { type Actor, actorName } from "../context";
import {
  insertEvent,
  insertEvents,
  insertOperation,
  insertOperations,
  type NewOperation,
  type OperationPatch,
  type OperationRow,
  type OperationState,
  updateOperation,
} from "./store";

/** Writes a new operation with its first audit row, in the caller's transaction. */
export async function recordOperation(
  tx: Transaction,
  actor: Actor,
  values: NewOperation,
): Promise<OperationRow> {
  const operation = await insertOperation(tx, values);
  await insertEvent(tx, {
    operationId: operation.id,
    fromState: null,
    toState: operation.state,
    actor: actorName(actor),
  });
  return operation;
}

/** As {@link recordOperation} for a list: two statements, whatever its length. Rows are in any order. */
export async function recordOperations(
  tx: Transaction,
  actor: Actor,
  values: NewOperation[],
): Promise<OperationRow[]> {
  if (values.length === 0) return [];
  const rows = await insertOperations(tx, values);
  await insertEvents(
    tx,
    rows.map(({ id, state }) => ({
      operationId: id,
      fromState: null,
      toState: state,
      actor: actorName(actor),
    })),
  );
  return rows;
}

export interface Move {
  to: OperationState;
  /** A code below `reasons.`; left as it was when absent, cleared when null. */
  reason?: string | null;
  patch?: Omit<OperationPatch, "state" | "reason">;
}

/**
 * Moves a locked operation to another state, with its audit row. The database refuses an edge that
 * db/migrations/0001_operation_kinds.sql doesn't know.
 */
export async function moveOperation(
  tx: Transaction,
  actor: Actor,
  operation: OperationRow,
  move: Move,
): Promise<OperationRow> {
  const reason = move.reason === undefined ? operation.reason : move.reason;
  const moved = await updateOperation(tx, operation.id, { ...move.patch, state: move.to, reason });
  await insertEvent(tx, {
    operationId: operation.id,
    fromState: operation.state,
    toState: move.to,
    reason: move.reason ?? null,
    actor: actorName(actor),
  });
  return moved;
}
