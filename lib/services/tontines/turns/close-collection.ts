import type { Context } from "../../context";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { moveMembers } from "../groups/store";
import { settleTurn } from "../payouts/settle-turn";
import { DEFAULT_AFTER_TURNS } from "../policy";
import {
  OPEN_STATES,
  type OwedDue,
  selectDuesOfMember,
  selectDuesOfTurn,
  selectTurns,
  type TurnRow,
  updateTurn,
} from "./store";

/** Until when a called turn waits for its contributions: the later of its closing time and its last due time. */
export function waitsUntil(turn: TurnRow, dues: readonly OwedDue[]): Date {
  return dues.reduce(
    // One that a vote moved for its debtor alone doesn't keep the receiver waiting.
    (latest, { dueAt, kind, rescheduledBy }) =>
      kind === "contribution" && rescheduledBy === null && dueAt > latest ? dueAt : latest,
    turn.closesAt,
  );
}

/**
 * Declares turns short whose closing time has come with contributions missing, after whoever answers for them was asked (`coverDues`): what is
 * there is proposed to be paid. Members who left several turns unpaid are in default. For the system. Answers how many turns.
 */
export async function closeCollection(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state === "paused") return 0;
    let closed = 0;
    const turns = await selectTurns(tx, group.cycle.id);
    for (const turn of turns.filter(({ state }) => state === "called")) {
      const dues = await selectDuesOfTurn(tx, turn.id);
      if (context.now < waitsUntil(turn, dues)) continue;
      closed += 1;
      const missing = dues.filter(
        ({ kind, state }) => kind === "contribution" && (OPEN_STATES as readonly string[]).includes(state),
      );
      if (missing.length > 0) {
        await updateTurn(tx, turn.id, { state: "short" });
        await recordEvents(tx, context, group, [{ kind: "turn.short", turnId: turn.id }]);
      }
      await settleTurn(tx, context, group, { ...turn, state: missing.length > 0 ? "short" : turn.state });
      await declareDefaults(tx, context, group, dues);
    }
    return closed;
  });
}

async function declareDefaults(
  tx: Parameters<typeof moveMembers>[0],
  context: Context,
  group: Group,
  dues: readonly OwedDue[],
): Promise<void> {
  const unpaid = dues.filter(
    ({ kind, state }) => kind === "contribution" && ["late", "covered"].includes(state),
  );
  for (const memberId of new Set(unpaid.map((due) => due.memberId))) {
    const all = await selectDuesOfMember(tx, memberId);
    const turns = new Set(
      all
        .filter(({ kind, state }) => kind === "contribution" && ["late", "covered"].includes(state))
        .map(({ turnId }) => turnId),
    );
    if (turns.size < DEFAULT_AFTER_TURNS || group.members.get(memberId)?.state !== "late") continue;
    await moveMembers(tx, [memberId], "late", "defaulted");
    await recordEvents(tx, context, group, [{ kind: "member.defaulted", memberId }]);
  }
}
