import type { Context } from "../../context";
import { inGroup } from "../groups/group";
import { applyWhenDue, decide, endStale } from "./decide";
import { selectLiveDecisions } from "./store";

/**
 * Ends decisions whose deadline has passed or that can't be applied any more, and applies adopted ones whose notice is over: one a call, so that
 * what each posts is a list of its own. For the system. Answers whether there may be more.
 */
export async function runDecisions(context: Context, tontineId: bigint): Promise<boolean> {
  return await inGroup(context, tontineId, async (tx, group) => {
    for (const decision of await selectLiveDecisions(tx, tontineId)) {
      const { state, closesAt, takesEffectAt } = decision;
      if (await endStale(tx, context, group, decision)) return true;
      if (state === "open" && context.now >= closesAt) {
        await decide(tx, context, group, decision);
        return true;
      }
      if (state === "adopted" && takesEffectAt !== null && context.now >= takesEffectAt) {
        await applyWhenDue(tx, context, group, decision);
        return true;
      }
    }
    return false;
  });
}
