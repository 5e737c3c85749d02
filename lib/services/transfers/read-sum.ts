import type { FieldIssue } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { findNoteProblem, NOTE_LENGTH_MAX, readNote } from "./check-transfer";

export interface TypedSum {
  amount: string;
  currency: Currency;
  note: string;
}

export interface CheckedSum {
  amount: Money;
  note: string | null;
  /** What is wrong with either; the values count only where nothing is. */
  issues: FieldIssue[];
}

/** An amount and its note as people type them, for what they send and for what they ask for. */
export function readSum({ amount, currency, note }: TypedSum): CheckedSum {
  const parsed = parseAmount(amount, currency);
  const issues: FieldIssue[] = [];
  const noteProblem = findNoteProblem(note);
  if (noteProblem !== null) {
    issues.push({ field: "note", reason: noteProblem, values: { max: NOTE_LENGTH_MAX } });
  }
  if ("reason" in parsed) issues.push({ field: "amount", reason: parsed.reason });
  const sum = "reason" in parsed ? money(0n, currency) : money(parsed.amountMinor, currency);
  return { amount: sum, note: readNote(note), issues };
}
