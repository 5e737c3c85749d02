import {
  OPERATION_KINDS,
  type OperationState,
  type OperationStatus,
  type OperationType,
  STATES,
} from "./kinds";

/** Whether an operation put money into the available balance (1), took it out (-1), or neither in the end. */
export type Sign = 1n | 0n | -1n;

/** The sign that lists show an operation with; what is summed of a history is what lists show. */
export function signOf(operation: {
  type: OperationType;
  direction: "in" | "out";
  status: OperationStatus;
}): Sign {
  const { type, direction, status } = operation;
  if (type === "deposit") return status === "succeeded" ? 1n : 0n;
  if (direction === "in") return 1n;
  return status === "refunded" ? 0n : -1n;
}

/** The sign of each type and state for the wallet that began the operation. */
export const OWN_SIGNS: readonly { type: OperationType; state: OperationState; sign: Sign }[] = STATES.map(
  ({ type, state, status }) => ({
    type,
    state,
    sign: signOf({ type, status, direction: OPERATION_KINDS[type].direction }),
  }),
);
