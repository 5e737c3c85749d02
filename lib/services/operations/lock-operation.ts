import type { Reader, Transaction } from "@/db/client";
import {
  lockById,
  lockByReference,
  type OperationRow,
  type QuietFilter,
  selectQuiet,
  updateOperation,
} from "./store";

/** Locks an operation for a change of state, by id or by reference; null when there is none. */
export async function lockOperation(tx: Transaction, key: bigint | string): Promise<OperationRow | null> {
  return typeof key === "bigint" ? await lockById(tx, key) : await lockByReference(tx, key);
}

/** Writes what a provider told us about a collection, without a change of state. */
export async function noteProviderReference(
  tx: Transaction,
  operation: OperationRow,
  facts: { providerReference: string; paymentUrl?: string },
): Promise<OperationRow> {
  return await updateOperation(tx, operation.id, facts);
}

const SWEEP_LIMIT = 200;

/** Operations that nothing has happened to for a while: work for the sweeps of `lib/jobs`. */
export async function listQuietOperations(reader: Reader, filter: QuietFilter): Promise<OperationRow[]> {
  return await selectQuiet(reader, filter, SWEEP_LIMIT);
}

/** Notes that it was looked at just now: the sweeps turn to the others first. */
export async function touchOperation(tx: Transaction, id: bigint): Promise<void> {
  await updateOperation(tx, id, {});
}
