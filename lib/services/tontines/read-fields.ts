import { DomainError, type FieldIssue } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";

/** Reads a form's fields and collects what is wrong with them, so that all of it is said at once. */
export class FieldReader {
  readonly issues: FieldIssue[] = [];

  constructor(private readonly currency: Currency) {}

  refuse(field: string, reason: string, values?: FieldIssue["values"]): void {
    this.issues.push(values === undefined ? { field, reason } : { field, reason, values });
  }

  /** An amount; `empty` for an empty field, else a positive one. `0` is read as zero where `mayBeZero`. */
  amount(field: string, typed: string, empty: bigint | null, { mayBeZero = false } = {}): bigint {
    const text = typed.trim();
    if (text === "" && empty !== null) return empty;
    if (mayBeZero && /^0+$/.test(text)) return 0n;
    const parsed = parseAmount(text, this.currency);
    if (!("reason" in parsed)) return parsed.amountMinor;
    this.refuse(field, parsed.reason);
    return 0n;
  }

  /** A whole number in a range. */
  whole(field: string, typed: string, empty: number | null, [min, max]: readonly [number, number]): number {
    const text = typed.trim();
    if (text === "" && empty !== null) return empty;
    const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    this.refuse(field, "number_out_of_range", { min, max });
    return min;
  }

  /** Shares as halves: `1` is 2, `0,5` is 1, `2.5` is 5. */
  halves(field: string, typed: string, empty: number, min: number, max: number): number {
    const text = typed.trim().replace(",", ".").replace("½", ".5");
    if (text === "") return empty;
    const match = /^(\d{0,3})(?:\.(0|5))?$/.exec(text);
    const value = match === null ? Number.NaN : Number(match[1] || "0") * 2 + (match[2] === "5" ? 1 : 0);
    if (value >= min && value <= max) return value;
    this.refuse(field, "shares_invalid", { max: Math.floor(max / 2) });
    return min;
  }

  /** Throws `validation_failed` when anything was refused. */
  require(): void {
    if (this.issues.length > 0) throw new DomainError("validation_failed", { issues: this.issues });
  }
}

/** One amount field of a form. Throws `validation_failed` about it. */
export function readAmount(field: string, typed: string, currency: Currency): Money {
  const reader = new FieldReader(currency);
  const amountMinor = reader.amount(field, typed, null);
  reader.require();
  return money(amountMinor, currency);
}
