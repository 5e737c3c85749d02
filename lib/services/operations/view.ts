import { type Money, money } from "@/lib/money/money";
import { methodName } from "@/lib/providers/methods";
import { type Reason, toReason } from "./reasons";
import type { OperationRow, OperationState, OperationType } from "./store";

/** How an operation stands, in the words that people are shown. */
export type OperationStatus = "in_progress" | "succeeded" | "failed" | "expired" | "refunded" | "review";

const STATUS_OF_STATE: Record<OperationState, OperationStatus> = {
  pending: "in_progress",
  created: "in_progress",
  submitting: "in_progress",
  submitted: "in_progress",
  unknown: "in_progress",
  reversed: "in_progress",
  succeeded: "succeeded",
  paid: "succeeded",
  failed: "failed",
  expired: "expired",
  refunded: "refunded",
  review: "review",
  conflict: "review",
};

/** The states that people see as `status`. */
export function statesOf(status: OperationStatus): OperationState[] {
  const states = Object.keys(STATUS_OF_STATE) as OperationState[];
  return states.filter((state) => STATUS_OF_STATE[state] === status);
}

/** An operation as its owner may see it. The phone is whole: presenters mask it. */
export interface OperationView {
  reference: string;
  type: OperationType;
  status: OperationStatus;
  /** Why it stands so; null when there is nothing to explain. */
  reason: Reason | null;
  amount: Money;
  fee: Money;
  total: Money;
  method: string;
  /** As people know it. */
  methodName: string;
  phone: string;
  provider: string;
  providerReference: string | null;
  /** Where a pending deposit can still be paid. */
  paymentUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date | null;
}

export function toOperationView(row: OperationRow): OperationView {
  const { currency } = row;
  return {
    reference: row.reference,
    type: row.type,
    status: STATUS_OF_STATE[row.state],
    reason: toReason(row.reason) ?? waitingReason(row),
    amount: money(row.amountMinor, currency),
    fee: money(row.feeMinor, currency),
    total: money(row.amountMinor + row.feeMinor, currency),
    method: row.method,
    methodName: methodName(row.method),
    phone: row.phone,
    provider: row.provider,
    providerReference: row.providerReference,
    paymentUrl: row.state === "pending" ? row.paymentUrl : null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    expiresAt: row.expiresAt,
  };
}

/** What somebody who looks at it now is waiting for. */
function waitingReason(row: OperationRow): Reason | null {
  if (STATUS_OF_STATE[row.state] !== "in_progress") return null;
  return row.type === "deposit" ? "awaiting_payment" : "awaiting_provider";
}
