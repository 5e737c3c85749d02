export type { OperationRow, OperationState, OperationType } from "./store";
