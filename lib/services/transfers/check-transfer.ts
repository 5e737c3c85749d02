import { DomainError, type FieldIssue } from "@/lib/errors";
import { isWalletNumber } from "@/lib/ids";
import { AMOUNT_MINOR_MAX, type Money } from "@/lib/money/money";
import { breaksLine, cleanLine } from "@/lib/text";

export const NOTE_LENGTH_MAX = 140;

/** A transfer as requested. */
export interface TransferRequest {
  /** The recipient's 13 digits. */
  walletNumber: string;
  amount: Money;
  /** 1 to 140 characters on one line, seen by both; blank counts as none. */
  note?: string | null;
}

export interface CheckedTransfer {
  walletNumber: string;
  amount: Money;
  note: string | null;
}

/** Checks all of a transfer before any query. Throws `validation_failed`, one issue a field. */
export function checkTransfer(request: TransferRequest): CheckedTransfer {
  const { checked, issues } = examine(request, "");
  if (issues.length > 0) throw new DomainError("validation_failed", { issues });
  return checked;
}

/** As {@link checkTransfer} for each of a list; fields are named `transfers.<index>.<field>`, from 0. */
export function checkTransfers(requests: readonly TransferRequest[]): CheckedTransfer[] {
  const examined = requests.map((request, index) => examine(request, `transfers.${index}.`));
  const issues = examined.flatMap((one) => one.issues);
  if (issues.length > 0) throw new DomainError("validation_failed", { issues });
  return examined.map(({ checked }) => checked);
}

/** The amount and note of something else that becomes a transfer. Throws as {@link checkTransfer}. */
export function checkSum(
  request: Pick<TransferRequest, "amount" | "note">,
): Pick<CheckedTransfer, "amount" | "note"> {
  const { note, issues } = examineSum(request, "");
  if (issues.length > 0) throw new DomainError("validation_failed", { issues });
  return { amount: request.amount, note };
}

function examine(request: TransferRequest, at: string): { checked: CheckedTransfer; issues: FieldIssue[] } {
  const { walletNumber, amount } = request;
  const { note, issues } = examineSum(request, at);
  if (!isWalletNumber(walletNumber))
    issues.unshift({ field: `${at}walletNumber`, reason: "wallet_number_invalid" });
  return { checked: { walletNumber, amount, note }, issues };
}

function examineSum({ amount, note: typed }: Pick<TransferRequest, "amount" | "note">, at: string) {
  const note = readNote(typed);
  const issues: FieldIssue[] = [];
  if (amount.amountMinor < 1n) issues.push({ field: `${at}amount`, reason: "not_positive" });
  if (amount.amountMinor > AMOUNT_MINOR_MAX) issues.push({ field: `${at}amount`, reason: "too_large" });
  const reason = findNoteProblem(note);
  if (reason !== null) issues.push({ field: `${at}note`, reason, values: { max: NOTE_LENGTH_MAX } });
  return { note, issues };
}

/** A note as it is stored; null for none. */
export function readNote(note: string | null | undefined): string | null {
  return (note && cleanLine(note)) || null;
}

/** Why a note is refused, a key below `fields.`; null for one that isn't. */
export function findNoteProblem(note: string | null | undefined): "too_long" | "not_one_line" | null {
  const read = readNote(note) ?? "";
  if ([...read].length > NOTE_LENGTH_MAX) return "too_long";
  return breaksLine(read) ? "not_one_line" : null;
}
