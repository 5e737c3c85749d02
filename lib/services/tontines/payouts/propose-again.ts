import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { findOwnGroup, inOwnGroup, OFFICERS, requireRole } from "../groups/group";
import { readId } from "../read-id";
import { selectTurns } from "../turns/store";
import { MAY_PROPOSE, settleTurn } from "./settle-turn";

/** Proposes a turn's payouts anew after one was refused. Officers only. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`. */
export async function proposeAgain(
  context: Context,
  { code, turnId }: { code: string; turnId: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, ...OFFICERS);
    const turn = (await selectTurns(tx, group.cycle.id)).find(({ id }) => id === readId(turnId));
    if (!turn) throw new DomainError("not_found");
    if (!MAY_PROPOSE.includes(turn.state)) throw new DomainError("tontine_not_now");
    await settleTurn(tx, context, group, turn);
  });
}
