import type { Reader } from "@/db/client";
import { CURRENCIES, type Currency } from "@/lib/money/currency";
import { chart } from "./chart";
import { readSuspense, type SuspenseRow } from "./store";

/** The step of the entry that takes money out of suspense again; its source is the one that put it there. */
export const ASSIGN = "assign";

/** Money that nobody could be given yet, oldest first, at most `limit` entries. */
export async function listSuspense(reader: Reader, limit: number): Promise<SuspenseRow[]> {
  const currencies = Object.keys(CURRENCIES) as Currency[];
  const addresses = currencies.map((currency) => chart.suspense(currency).address);
  return await readSuspense(reader, addresses, ASSIGN, limit);
}
