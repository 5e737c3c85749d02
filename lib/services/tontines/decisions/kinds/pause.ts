import { addDays, dayOf } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { instantOf } from "../../calendar";
import type { Group } from "../../groups/group";
import { updateTontine } from "../../groups/store";
import { selectOpenDues, selectTurns, type TurnRow } from "../../turns/store";
import type { Consequence, DecisionRule } from "../decision-rule";
import { findAppliedAt, moveTurn, postponeDue } from "../store";

const DAY_MS = 24 * 60 * 60 * 1000;
const HAS_ENDED: readonly string[] = ["paid", "confirmed", "closed", "cancelled"];

const notEnded = (turns: readonly TurnRow[]) => turns.filter(({ state }) => !HAS_ENDED.includes(state));

function upcoming(turns: readonly TurnRow[]): Consequence[] {
  return notEnded(turns).map(({ number, dueOn }) => ({ what: "turn_waits", turn: number, day: dueOn }));
}

/** Stops the calendar: nothing is called, fined or taken by standing contributions until the members let it go on. */
export const pause: DecisionRule = {
  majority: "two_thirds",
  noticeDays: 0,
  votingDays: 3,
  states: ["running"],
  openedBy: "member",
  prepare: async (reader, _context, group) => {
    const consequences = upcoming(await selectTurns(reader, group.cycle.id));
    if (consequences.length === 0) throw new DomainError("tontine_not_now");
    return { about: "pause", subjectMemberId: null, parameters: {}, consequences };
  },
  isStale: async (_tx, _context, group) => group.tontine.state !== "running",
  apply: async (tx, _context, group) => {
    await updateTontine(tx, group.tontine.id, { state: "paused" });
  },
};

/** Lets the calendar go on: all dates that have not passed when the pause began move by as many days as it lasted. */
export const resume: DecisionRule = {
  majority: "two_thirds",
  noticeDays: 0,
  votingDays: 3,
  states: ["paused"],
  openedBy: "member",
  prepare: async (reader, _context, group) => {
    const since = await findAppliedAt(reader, group.tontine.id, "pause");
    if (!since) throw new DomainError("tontine_not_now");
    const turns = upcoming(await selectTurns(reader, group.cycle.id));
    const day = dayOf(since, group.tontine.zone);
    const consequences = [{ what: "paused_since", day }, ...turns];
    return { about: "resume", subjectMemberId: null, parameters: { since: day }, consequences };
  },
  isStale: async (_tx, _context, group) => group.tontine.state !== "paused",
  apply: async (tx, context, group) => {
    const since = await findAppliedAt(tx, group.tontine.id, "pause");
    if (!since) return;
    const days = daysPaused(since, context.now);
    const turns = await selectTurns(tx, group.cycle.id);
    for (const turn of notEnded(turns)) await moveTurn(tx, turn.id, laterBy(group, turn, { since, days }));
    for (const due of await selectOpenDues(tx, group.tontine.id)) {
      if (due.state === "late" || due.dueAt < since) continue;
      await postponeDue(tx, due.id, { postponedTo: new Date(due.dueAt.getTime() + days * DAY_MS) });
    }
    await updateTontine(tx, group.tontine.id, { state: "running" });
  },
};

/** Whole days, rounded up, so that nothing that was still to come when it began is past when it ends. */
export const daysPaused = (since: Date, now: Date): number =>
  Math.max(1, Math.ceil((now.getTime() - since.getTime()) / DAY_MS));

/** The dates of a turn so many days later, at the same hour of the group's zone; a due day that had passed before stays. */
function laterBy(
  { tontine, calendar }: Group,
  turn: TurnRow,
  { since, days }: { since: Date; days: number },
) {
  const at = (day: string) => instantOf(addDays(day, days), calendar.time, tontine.zone);
  const closesAt = at(dayOf(turn.closesAt, tontine.zone));
  if (turn.dueAt < since) return { dueOn: turn.dueOn, dueAt: turn.dueAt, closesAt };
  return { dueOn: addDays(turn.dueOn, days), dueAt: at(turn.dueOn), closesAt };
}
