import type { Reader } from "@/db/client";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { chart } from "./chart";
import { readSuspense, type SuspenseRow } from "./store";

export type { SuspenseRow } from "./store";

const ADDRESSES = CURRENCY_CODES.map((currency) => chart.suspense(currency).address);

/** Entries into suspense that weren't assigned to a deposit yet, oldest first, at most `limit`. */
export async function listSuspense(reader: Reader, limit: number): Promise<SuspenseRow[]> {
  return await readSuspense(reader, ADDRESSES, { isOpen: true, limit });
}

/** All that went into suspense since then, whether or not it is there still; at most `limit` entries. */
export async function listSuspended(reader: Reader, since: Date, limit: number): Promise<SuspenseRow[]> {
  return await readSuspense(reader, ADDRESSES, { isOpen: false, since, limit });
}

/** An entry whose money is still in suspense; null when there is none with this id. */
export async function findSuspense(reader: Reader, entryId: bigint): Promise<SuspenseRow | null> {
  const [row] = await readSuspense(reader, ADDRESSES, { isOpen: true, entryId, limit: 1 });
  return row ?? null;
}
