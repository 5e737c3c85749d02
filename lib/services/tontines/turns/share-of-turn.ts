import type { HolderRow } from "../groups/store";
import { partOfHolder } from "./part-of-holder";

/**
 * What a whole share pays in a turn of what it pays in a full one: less where fewer take in it than in the others, such as one half whose other one
 * was put off, so that each pays in somebody's turn what that one pays in theirs.
 */
export function shareOfTurn(
  amountMinor: bigint,
  sharesPerTurn: number,
  { receivers, holders }: { receivers: readonly HolderRow[]; holders: readonly HolderRow[] },
): bigint {
  const taken = receivers.reduce((sum, holder) => sum + partOfHolder(amountMinor, holder, holders), 0n);
  return taken / BigInt(sharesPerTurn);
}
