import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { HolderRow } from "./store";
import { insertHolder, selectHolders, selectShares } from "./store";

/**
 * Gives a member so many halves of the first free places: whole shares first, then the half of one that is half taken. Under the
 * group's lock. Throws `tontine_full`.
 */
export async function takeShares(
  tx: Transaction,
  cycleId: bigint,
  memberId: bigint,
  halves: number,
): Promise<void> {
  const [shares, holders] = [await selectShares(tx, cycleId), await selectHolders(tx, cycleId)];
  const taken = halvesTaken(holders);
  const withTaken = (count: number) => shares.find(({ id }) => (taken.get(id) ?? 0) === count)?.id;
  for (let left = halves; left > 0; left -= 2) {
    const size = left >= 2 ? 2 : 1;
    const shareId = size === 2 ? withTaken(0) : (withTaken(1) ?? withTaken(0));
    if (shareId === undefined) throw new DomainError("tontine_full");
    await insertHolder(tx, { shareId, memberId, halves: size });
    taken.set(shareId, (taken.get(shareId) ?? 0) + size);
  }
}

/** How many halves of each share are taken. */
export function halvesTaken(holders: readonly HolderRow[]): Map<bigint, number> {
  const taken = new Map<bigint, number>();
  for (const { shareId, halves } of holders) taken.set(shareId, (taken.get(shareId) ?? 0) + halves);
  return taken;
}
