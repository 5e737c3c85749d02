import type { Reader, Transaction } from "@/db/client";
import { invariant } from "@/lib/invariant";
import type { Provider } from "@/lib/providers/provider";
import { getProvider } from "@/lib/providers/registry";
import {
  findByReference,
  findLatestOpenAttempt,
  findReferenceById,
  lockById,
  lockByReference,
  type OperationNames,
  type OperationRow,
  selectNamed,
  updateOperation,
} from "./store";

export type { OperationRow, OperationState, OperationType } from "./store";

/** Locks an operation for a change of state, by id or by reference; null when there is none. */
export async function lockOperation(tx: Transaction, key: bigint | string): Promise<OperationRow | null> {
  return typeof key === "bigint" ? await lockById(tx, key) : await lockByReference(tx, key);
}

/** Records the provider's own reference, and where a deposit is paid, without a change of state. */
export async function recordProviderReference(
  tx: Transaction,
  operation: OperationRow,
  details: { providerReference: string; paymentUrl?: string },
): Promise<OperationRow> {
  return await updateOperation(tx, operation.id, details);
}

/** Sets `updated_at` to now: sweeps take the operations first that were looked at least recently. */
export async function touchOperation(tx: Transaction, id: bigint): Promise<void> {
  await updateOperation(tx, id, {});
}

/** The public reference of an operation by its id; null when there is none. */
export async function referenceOf(reader: Reader, operationId: bigint): Promise<string | null> {
  return await findReferenceById(reader, operationId);
}

/** The provider that moves a deposit's or a withdrawal's money. Throws InvariantError when it isn't configured any more. */
export function providerOf(operation: OperationRow): Provider {
  invariant(operation.provider !== null, "deposits and withdrawals have a provider");
  return getProvider(operation.provider);
}

/** The provider's own reference of an operation; null when it is another provider's, or isn't known yet. */
export async function providerReferenceOf(
  reader: Reader,
  provider: string,
  reference: string,
): Promise<string | null> {
  const operation = await findByReference(reader, reference);
  return operation?.provider === provider ? operation.providerReference : null;
}

/** An operation by our reference, whoever owns it; null when there is none. */
export async function findOperation(reader: Reader, reference: string): Promise<OperationRow | null> {
  return await findByReference(reader, reference);
}

/** At most two operations of a provider that one of these names: enough to tell one from several. */
export async function findNamedOperations(reader: Reader, names: OperationNames): Promise<OperationRow[]> {
  return await selectNamed(reader, names);
}

/**
 * When the latest attempt ended that the provider may have accepted without our knowing: a timeout, a 5xx, a worker that
 * died. Null when the outcome of every attempt is known.
 */
export async function latestOpenAttemptAt(reader: Reader, operationId: bigint): Promise<Date | null> {
  return await findLatestOpenAttempt(reader, operationId);
}
