import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { VaultRow } from "./store";

/** A vault as its owner sees it. */
export interface VaultView {
  id: bigint;
  name: string;
  currency: Currency;
  balance: Money;
  goal: Money | null;
  /** Whole percents of the goal, at most 100; null without a goal. */
  progressPercent: number | null;
  /** The instant that opens it: 00:00 of a day in Africa/Abidjan. Stays when it has passed. */
  lockedUntil: Date | null;
  /** By the database's clock, when it was read. */
  isLocked: boolean;
  /** Emptied and closed for good; only its history is left. */
  isClosed: boolean;
  createdAt: Date;
}

export function toVaultView(row: VaultRow, balance: Money): VaultView {
  const { id, name, currency, goalMinor, lockedUntil, isLocked, closedAt, createdAt } = row;
  return {
    id,
    name,
    currency,
    balance,
    goal: goalMinor === null ? null : money(goalMinor, currency),
    progressPercent: goalMinor === null ? null : percentOf(balance.amountMinor, goalMinor),
    lockedUntil,
    isLocked,
    isClosed: closedAt !== null,
    createdAt,
  };
}

/** Rounded down: 100 only when the goal is reached. */
function percentOf(partMinor: bigint, wholeMinor: bigint): number {
  const percent = (partMinor * 100n) / wholeMinor;
  return Number(percent > 100n ? 100n : percent);
}
