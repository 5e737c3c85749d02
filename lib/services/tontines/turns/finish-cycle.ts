import type { Context } from "../../context";
import { inGroup, recordEvents } from "../groups/group";
import { updateTontine } from "../groups/store";
import { selectTurns } from "./store";

/** A running group whose turns have all ended is closing: its officers close it. For the system. Answers whether it is. */
export async function finishCycle(context: Context, tontineId: bigint): Promise<boolean> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state !== "running") return false;
    const turns = await selectTurns(tx, group.cycle.id);
    if (turns.some(({ state }) => state !== "closed" && state !== "cancelled")) return false;
    await updateTontine(tx, tontineId, { state: "closing" });
    await recordEvents(tx, context, group, [{ kind: "group.closing" }]);
    return true;
  });
}
