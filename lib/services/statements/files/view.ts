import type { Currency } from "@/lib/money/currency";
import type { StatementFormat } from "../schema";
import type { StatementFileRow } from "./store";

/** A file that the worker makes, as its owner sees it. */
export interface StatementFile {
  id: string;
  /** Null for a copy of all of the person's data. */
  statement: { currency: Currency; vaultId: bigint | null; from: string; to: string } | null;
  format: StatementFormat | "json";
  state: StatementFileRow["state"];
  /** Whole percents of its lines that are written; null where nobody knows how many there are. */
  percent: number | null;
  byteCount: bigint;
  createdAt: Date;
  /** When it is deleted. */
  expiresAt: Date;
}

export function toStatementFile(row: StatementFileRow): StatementFile {
  const { id, currency, vaultId, fromDay, toDay, format, state, createdAt, expiresAt, byteCount } = row;
  const isStatement = currency !== null && fromDay !== null && toDay !== null;
  return {
    id,
    statement: isStatement ? { currency, vaultId, from: fromDay, to: toDay } : null,
    format,
    state,
    percent: state === "making" ? percentOf(row) : null,
    byteCount,
    createdAt,
    expiresAt,
  };
}

function percentOf({ linesDone, lineCount }: StatementFileRow): number | null {
  return lineCount === 0n ? null : Math.min(99, Number((linesDone * 100n) / lineCount));
}

/** Changes whenever what a waiting page shows does. */
export function progressOfFile({ state, percent }: StatementFile): string {
  return percent === null ? state : `${state}.${percent}`;
}
