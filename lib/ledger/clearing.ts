import type { Reader } from "@/db/client";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { chart } from "./chart";
import { type MovedRow, readMoved } from "./store";

export type { MovedRow } from "./store";

/** What passed through a provider's clearing accounts, by source and currency; positive when money came in. */
export async function listCleared(
  reader: Reader,
  provider: string,
  sources: readonly string[],
): Promise<MovedRow[]> {
  const addresses = CURRENCY_CODES.map((currency) => chart.clearing(provider, currency).address);
  return sources.length === 0 ? [] : await readMoved(reader, addresses, sources);
}
