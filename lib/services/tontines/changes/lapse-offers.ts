import type { Context } from "../../context";
import { inGroup, recordEvents } from "../groups/group";
import { offerEvent } from "./offers";
import { lapseHandovers, lapseSwaps } from "./store";
import { releaseNewcomer } from "./take-place";

/** Ends swaps and handovers that weren't signed by all in their time. For the system. Answers how many. */
export async function lapseOffers(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    const swaps = await lapseSwaps(tx, tontineId, context.now);
    const handovers = await lapseHandovers(tx, tontineId, context.now);
    const memberOf = new Map(group.holders.map(({ id, memberId }) => [id, memberId]));
    await recordEvents(tx, context, group, [
      ...swaps.flatMap(({ fromHolderId, toHolderId }) => {
        const from = memberOf.get(fromHolderId);
        const to = memberOf.get(toHolderId) ?? null;
        return from === undefined ? [] : [offerEvent("swap.lapsed", { from, to })];
      }),
      ...handovers.map(({ fromMemberId, toMemberId }) =>
        offerEvent("handover.lapsed", { from: fromMemberId, to: toMemberId }),
      ),
    ]);
    for (const { toMemberId } of handovers) await releaseNewcomer(tx, group, toMemberId);
    return swaps.length + handovers.length;
  });
}
