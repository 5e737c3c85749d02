import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { findOwnGroup, type Group, inGroup, inOwnGroup, recordEvents } from "../groups/group";
import { CONFIRMED_AFTER_HOURS } from "../policy";
import { readId } from "../read-id";
import { selectReceivers, selectTurns, type TurnRow, updateTurn } from "../turns/store";

const HOUR_MS = 60 * 60 * 1000;

/** The receiver of a turn says that the pot has arrived, which closes it. Again changes nothing. Throws `not_found`, `tontine_not_now`. */
export async function confirmReceipt(
  context: Context,
  { code, turnId }: { code: string; turnId: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const turn = (await selectTurns(tx, group.cycle.id)).find(({ id }) => id === readId(turnId));
    const receivers = turn ? await selectReceivers(tx, turn.id) : [];
    if (!turn || !receivers.some(({ memberId }) => memberId === group.member.id)) {
      throw new DomainError("not_found");
    }
    if (turn.state === "closed") return;
    if (turn.state !== "paid") throw new DomainError("tontine_not_now");
    await close(tx, context, group, turn);
  });
}

/** Closes turns whose receivers said nothing for some days after they were paid. For the system. Answers how many. */
export async function closeTurns(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    const before = new Date(context.now.getTime() - CONFIRMED_AFTER_HOURS * HOUR_MS);
    const turns = (await selectTurns(tx, group.cycle.id)).filter(
      ({ state, paidAt }) => state === "paid" && paidAt !== null && paidAt <= before,
    );
    for (const turn of turns) await close(tx, context, group, turn);
    return turns.length;
  });
}

async function close(tx: Transaction, context: Context, group: Group, turn: TurnRow): Promise<void> {
  await updateTurn(tx, turn.id, { state: "confirmed" });
  await updateTurn(tx, turn.id, { state: "closed" });
  await recordEvents(tx, context, group, [{ kind: "turn.closed", turnId: turn.id }]);
}
