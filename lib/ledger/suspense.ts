import type { Reader } from "@/db/client";
import { CURRENCIES, type Currency } from "@/lib/money/currency";
import { chart } from "./chart";
import { readSuspense, type SuspenseRow } from "./store";

/** The step of the entry that takes money out of suspense again; its source is the one that put it there. */
export const ASSIGN = "assign";

const CURRENCY_CODES = Object.keys(CURRENCIES) as Currency[];
const ADDRESSES = CURRENCY_CODES.map((currency) => chart.suspense(currency).address);

/** Money that nobody could be given yet, oldest first, at most `limit` entries. */
export async function listSuspense(reader: Reader, limit: number): Promise<SuspenseRow[]> {
  return await readSuspense(reader, ADDRESSES, { takenBy: ASSIGN, since: new Date(0), limit });
}

/** All that went into suspense since then, whether or not it is there still; at most `limit` entries. */
export async function listSuspended(reader: Reader, since: Date, limit: number): Promise<SuspenseRow[]> {
  return await readSuspense(reader, ADDRESSES, { takenBy: null, since, limit });
}
