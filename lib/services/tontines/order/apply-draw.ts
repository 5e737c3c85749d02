import type { Transaction } from "@/db/client";
import { invariant } from "@/lib/invariant";
import type { Context } from "../../context";
import { type Group, recordEvents } from "../groups/group";
import { reorderShares } from "../groups/store";
import { drawOrder } from "./draw-sheet";
import {
  type DrawResultRow,
  type DrawRow,
  insertDrawResult,
  type NewDrawResult,
  selectDrawShares,
  updateDraw,
} from "./store";

/** What a draw takes: a round of the beacon, or the numbers of a lotto. */
export type Randomness = Omit<NewDrawResult, "id" | "drawId" | "drawnAt">;

/**
 * Gives the shares the order that a frozen sheet and its randomness make, once: under the group's lock, with a draw that has no result. The
 * database computes the same order and refuses every other one.
 */
export async function applyDraw(
  tx: Transaction,
  context: Context,
  group: Group,
  { draw, randomness }: { draw: DrawRow; randomness: Randomness },
): Promise<DrawResultRow> {
  const shares = await selectDrawShares(tx, draw.id);
  const result = await insertDrawResult(tx, { ...randomness, drawId: draw.id, drawnAt: context.now });
  const { seed, order } = drawOrder(draw.sheet, randomness.randomness, shares.length);
  invariant(
    result.seed === seed && result.shareOrder === order.join(" "),
    "the database draws as the recipe says",
  );
  const shareOf = new Map(shares.map(({ number, shareId }) => [number, shareId]));
  await updateDraw(tx, draw.id, { state: "drawn", problem: null, nextTryAt: null });
  await reorderShares(
    tx,
    order.flatMap((number) => shareOf.get(number) ?? []),
  );
  await recordEvents(tx, context, group, [
    {
      kind: "draw.drawn",
      details: { order: result.shareOrder, round: result.round, lottoDay: result.lottoDay },
    },
  ]);
  return result;
}
