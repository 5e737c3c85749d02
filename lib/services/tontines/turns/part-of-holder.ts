import type { HolderRow } from "../groups/store";
import { partOfShare } from "../split";

/** What a holder has to pay of a whole share's amount; of two halves the first one pays an odd unit, also once they take apart. */
export function partOfHolder(amountMinor: bigint, holder: HolderRow, all: readonly HolderRow[]): bigint {
  const isFirst = !all.some(({ rootShareId, id }) => rootShareId === holder.rootShareId && id < holder.id);
  return partOfShare(amountMinor, holder.halves, isFirst);
}
