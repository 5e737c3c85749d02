import type { Reader, Transaction } from "@/db/client";
import type { Context } from "../context";
import type { OperationRow } from "../operations/operation";
import { moveOperation } from "../operations/record";
import {
  type DisputeRow,
  type ListedDispute,
  listDisputes,
  selectOpenDisputes,
  updateDispute,
} from "./store";

export type { DisputeRow, ListedDispute } from "./store";

/** At most so many are listed. */
const LISTED_MAX = 200;

/** Open disputes of all deposits, oldest first, for an operator. */
export async function listDisputesOfAll(reader: Reader): Promise<ListedDispute[]> {
  return await selectOpenDisputes(reader, LISTED_MAX);
}

/** The disputes of a deposit that nobody has resolved, oldest first. The caller holds the deposit's lock. */
export async function listOpenDisputes(reader: Reader, operationId: bigint): Promise<DisputeRow[]> {
  return (await listDisputes(reader, operationId)).filter(({ state }) => state === "open");
}

/** How much of a deposit wasn't taken back yet, in minor units. */
export async function leftToTakeBack(
  reader: Reader,
  { id, amountMinor }: Pick<OperationRow, "id" | "amountMinor">,
): Promise<bigint> {
  const all = await listDisputes(reader, id);
  return all
    .filter(({ state }) => state === "taken_back")
    .reduce((left, each) => left - each.amountMinor, amountMinor);
}

/** Ends one dispute, of which `amountMinor` was taken back; {@link endDisputes} follows once none of the deposit's is open. */
export async function closeDispute(
  tx: Transaction,
  id: bigint,
  end: { state: "taken_back"; amountMinor: bigint } | { state: "kept" },
): Promise<void> {
  await updateDispute(tx, id, end);
}

/** Moves a deposit without open disputes on: `taken_back` when any of it was, else `kept`. */
export async function endDisputes(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  const disputes = await listDisputes(tx, operation.id);
  const isTaken = disputes.some(({ state }) => state === "taken_back");
  await moveOperation(
    tx,
    context.actor,
    operation,
    isTaken ? { to: "taken_back", reason: "taken_back" } : { to: "kept", reason: "dispute_ended" },
  );
}
