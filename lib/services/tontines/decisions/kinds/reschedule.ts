import type { Reader } from "@/db/client";
import { addDays, dayOf, isDay } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { instantOf } from "../../calendar";
import { type Group, memberOf, recordEvents } from "../../groups/group";
import { restoreMembers } from "../../money/restore-members";
import { lockDues, openMinor, selectOpenDues } from "../../turns/store";
import { type DecisionRule, parameterOf } from "../decision-rule";
import { postponeDue } from "../store";

const DAYS_MAX = 366;

async function openDuesOf(reader: Reader, group: Group, memberId: bigint) {
  return (await selectOpenDues(reader, group.tontine.id)).filter((due) => due.memberId === memberId);
}

/** What a set of dues is, as it was shown: ids with what is open of each. */
const listed = (dues: Awaited<ReturnType<typeof openDuesOf>>): string =>
  dues.map((due) => `${due.id}:${openMinor(due)}`).join(" ");

/** A member who can't pay, after an illness, pays what is open later, without another fine; receivers don't wait for it and get it then. */
export const reschedule: DecisionRule = {
  majority: "two_thirds",
  noticeDays: 0,
  votingDays: 7,
  states: ["running", "paused"],
  openedBy: "member",
  prepare: async (reader, context, group, { memberId, day: typed }) => {
    const member = memberOf(group, memberId);
    if (member.id !== group.member.id && group.member.roles.length === 0) {
      throw new DomainError("tontine_role_missing");
    }
    const dues = await openDuesOf(reader, group, member.id);
    if (dues.length === 0) throw new DomainError("tontine_not_now");
    const { tontine, calendar } = group;
    const day = typed.trim();
    const today = dayOf(context.now, tontine.zone);
    if (!isDay(day)) throw refused("date_invalid");
    const isLater = dues.every(({ dueAt }) => dueAt < instantOf(day, calendar.time, tontine.zone));
    if (day <= today || day > addDays(today, DAYS_MAX) || !isLater) throw refused("date_past");
    return {
      about: `reschedule:${member.id}`,
      subjectMemberId: member.id,
      parameters: { day, dues: listed(dues) },
      consequences: dues.map((due) => ({
        what: "due_moves",
        name: member.name,
        turn: due.turnNumber,
        amountMinor: openMinor(due).toString(),
        day,
      })),
    };
  },
  isStale: async (tx, context, group, decision) => {
    const dues = await openDuesOf(tx, group, decision.subjectMemberId ?? 0n);
    const known = new Set(parameterOf(decision, "dues").split(" "));
    const still = dues.filter((due) => known.has(`${due.id}:${openMinor(due)}`));
    return (
      still.length !== known.size || parameterOf(decision, "day") <= dayOf(context.now, group.tontine.zone)
    );
  },
  apply: async (tx, context, group, decision) => {
    const { tontine, calendar } = group;
    const ids = parameterOf(decision, "dues")
      .split(" ")
      .map((each) => BigInt(each.split(":")[0] ?? 0));
    const postponedTo = instantOf(parameterOf(decision, "day"), calendar.time, tontine.zone);
    const dues = await lockDues(tx, tontine.id, ids);
    for (const { id, state } of dues) {
      const isLate = state === "late" ? ({ state: "open" } as const) : {};
      await postponeDue(tx, id, { postponedTo, rescheduledBy: decision.id, ...isLate });
    }
    await restoreMembers(tx, group);
    await recordEvents(
      tx,
      context,
      group,
      dues.map(({ id, turnId, memberId }) => ({ kind: "due.postponed", dueId: id, turnId, memberId })),
    );
  },
};

const refused = (reason: string) =>
  new DomainError("validation_failed", { issues: [{ field: "day", reason }] });
