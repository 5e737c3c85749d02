import type { StatementRow } from "@/lib/ledger/account-range";
import type { OperationView } from "../operations/view";

/** What a line of a statement tells. */
export type LineKind =
  | "deposit"
  | "deposit_taken_back"
  | "owed_repaid"
  | "withdrawal"
  | "withdrawal_refunded"
  | "withdrawal_fee_refunded"
  | "withdrawal_held_again"
  | "withdrawal_released"
  | "transfer_sent"
  | "transfer_received"
  | "vault_deposit"
  | "vault_withdrawal"
  | "other";

/** A posting of the account that a statement is of, with the operation that it belongs to. */
export interface StatementLine {
  row: StatementRow;
  kind: LineKind;
  /** Null where the ledger's entry belongs to no operation of the person. */
  operation: OperationView | null;
}

/** By the step of a ledger entry (lib/ledger/draft.ts). */
const KIND_OF_STEP: Readonly<Partial<Record<string, LineKind>>> = {
  credit: "deposit",
  take_back: "deposit_taken_back",
  repay: "owed_repaid",
  reserve: "withdrawal",
  refund: "withdrawal_refunded",
  freeze: "withdrawal_held_again",
  unfreeze: "withdrawal_released",
  vault_deposit: "vault_deposit",
  vault_withdrawal: "vault_withdrawal",
};

/** What a posting tells. A step that this module doesn't know yet is `other`: no line is ever left out. */
export function toLine(row: StatementRow, operation: OperationView | null): StatementLine {
  return { row, kind: kindOf(row), operation };
}

function kindOf({ step, position, signedAmount }: StatementRow): LineKind {
  if (step === "transfer") return signedAmount < 0n ? "transfer_sent" : "transfer_received";
  // A take-back's step names its dispute behind a colon.
  const kind = KIND_OF_STEP[step.split(":")[0] ?? ""] ?? "other";
  // A withdrawal that came back after it was paid brings its amount and its fee apart.
  return kind === "withdrawal_refunded" && position === 2 ? "withdrawal_fee_refunded" : kind;
}
