import type { HolderRow } from "../groups/store";
import { partOfShare } from "../split";

/** What a holder has to pay of a whole share's amount. */
export function partOfHolder(amountMinor: bigint, holder: HolderRow, all: readonly HolderRow[]): bigint {
  const first = all.find(({ shareId }) => shareId === holder.shareId);
  return partOfShare(amountMinor, holder.halves, first?.id === holder.id);
}
