import { DomainError, type FieldIssue } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { cleanLine, isReadableLabel } from "@/lib/text";
import { parseLockDate } from "./lock-date";
import { VAULT_NAME_LENGTH_MAX } from "./policy";

/** What makes a vault, as somebody typed it. */
export interface TypedVault {
  name: string;
  goal: string;
  /** Absent where the date isn't asked for. */
  lockedUntil?: string;
}

export interface CheckedVault {
  name: string;
  goalMinor: bigint | null;
  lockedUntil: Date | null;
}

/**
 * Checks name, goal and date, all of them before it answers; an empty goal or date is none.
 * Throws `validation_failed` with one issue a field.
 */
export function checkVault(typed: TypedVault, currency: Currency, now: Date): CheckedVault {
  const name = cleanLine(typed.name.replace(/\s+/g, " "));
  const goal = isEmpty(typed.goal) ? null : parseAmount(typed.goal, currency);
  const date = isEmpty(typed.lockedUntil) ? null : parseLockDate(typed.lockedUntil ?? "", now);
  const issues: FieldIssue[] = nameIssues(name);
  if (goal && "reason" in goal) issues.push({ field: "goal", reason: goal.reason });
  if (date && "reason" in date) issues.push({ field: "lockedUntil", reason: date.reason });
  if (issues.length > 0 || (goal && "reason" in goal) || (date && "reason" in date)) {
    throw new DomainError("validation_failed", { issues });
  }
  return { name, goalMinor: goal?.amountMinor ?? null, lockedUntil: date?.lockedUntil ?? null };
}

/** An amount in the vault's currency. Throws `validation_failed` about the field `amount`. */
export function checkVaultAmount(typed: string, currency: Currency): Money {
  const amount = parseAmount(typed, currency);
  if ("reason" in amount) {
    throw new DomainError("validation_failed", { issues: [{ field: "amount", reason: amount.reason }] });
  }
  return money(amount.amountMinor, currency);
}

function isEmpty(typed: string | undefined): boolean {
  return typed === undefined || typed.trim() === "";
}

function nameIssues(name: string): FieldIssue[] {
  if (name === "") return [{ field: "name", reason: "vault_name_required" }];
  if (name.length > VAULT_NAME_LENGTH_MAX) {
    return [{ field: "name", reason: "too_long", values: { max: VAULT_NAME_LENGTH_MAX } }];
  }
  return isReadableLabel(name) ? [] : [{ field: "name", reason: "name_unreadable" }];
}
