import type { Reader } from "@/db/client";
import { dayOf } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { findLeaversTurns, makeRefund } from "../../changes/leave-tontine";
import { type Group, memberOf, recordEvents } from "../../groups/group";
import { updateMember } from "../../groups/store";
import { selectMandates, updateMandate } from "../../mandates/store";
import { openMinor, selectDuesOfMember, selectOpenDues } from "../../turns/store";
import type { Consequence, DecisionRule } from "../decision-rule";

const NOTICE_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAY_BE_EXCLUDED: readonly string[] = ["active", "late"];

async function lateDues(reader: Reader, group: Group, memberId: bigint) {
  const open = await selectOpenDues(reader, group.tontine.id);
  return open.filter((due) => due.memberId === memberId && due.state === "late");
}

/** What somebody has paid into pots goes back to them, by the turn that would have been theirs, less what the rules keep. */
async function figuresOf(reader: Reader, group: Group, memberId: bigint): Promise<Consequence[]> {
  const [late, all] = [await lateDues(reader, group, memberId), await selectDuesOfMember(reader, memberId)];
  const owed = late.reduce((sum, due) => sum + openMinor(due), 0n);
  const paid = all
    .filter(({ kind }) => kind === "contribution")
    .reduce((sum, due) => sum + due.paidMinor + due.coveredMinor, 0n);
  const oneIn = BigInt(group.parameters.retentionOneIn);
  const kept = oneIn === 0n ? 0n : paid / oneIn;
  return [
    { what: "owes_late", amountMinor: owed.toString(), count: late.length },
    { what: "gets_back", amountMinor: (paid - kept).toString() },
    { what: "box_keeps", amountMinor: kept.toString() },
  ];
}

/**
 * A member who is late and hasn't taken is excluded after seven days' notice; who pays what is late in that time stays. Their turn becomes the
 * one in which those who took before pay back what they got from them.
 */
export const exclusion: DecisionRule = {
  majority: "two_thirds",
  noticeDays: NOTICE_DAYS,
  votingDays: NOTICE_DAYS,
  states: ["running"],
  openedBy: "officer",
  prepare: async (reader, context, group, { memberId }) => {
    const member = memberOf(group, memberId);
    const isLate = (await lateDues(reader, group, member.id)).length > 0;
    const turns = await findLeaversTurns(reader, group, member);
    if (!MAY_BE_EXCLUDED.includes(member.state) || !isLate || !turns)
      throw new DomainError("tontine_not_now");
    const noticeEnds = new Date(context.now.getTime() + NOTICE_DAYS * DAY_MS);
    return {
      about: `exclusion:${member.id}`,
      subjectMemberId: member.id,
      parameters: {},
      consequences: [
        ...(await figuresOf(reader, group, member.id)),
        ...turns.map(({ number, dueOn }) => ({ what: "turn_refunds", turn: number, day: dueOn })),
        { what: "stays_if_paid", name: member.name, day: dayOf(noticeEnds, group.tontine.zone) },
      ],
    };
  },
  isStale: async (tx, _context, group, { subjectMemberId }) => {
    const member = group.members.get(subjectMemberId ?? 0n);
    if (!member || !MAY_BE_EXCLUDED.includes(member.state)) return true;
    const isLate = (await lateDues(tx, group, member.id)).length > 0;
    return !isLate || (await findLeaversTurns(tx, group, member)) === null;
  },
  apply: async (tx, context, group, { subjectMemberId }) => {
    const member = group.members.get(subjectMemberId ?? 0n);
    const turns = member && (await findLeaversTurns(tx, group, member));
    if (!member || !turns) return;
    for (const turn of turns) await makeRefund(tx, group, turn, member);
    const mandates = await selectMandates(tx, group.tontine.id);
    for (const { id } of mandates.filter(({ memberId }) => memberId === member.id)) {
      await updateMandate(tx, id, { state: "ended", endedAt: context.now });
    }
    await updateMember(tx, member.id, { state: "excluded", roles: [] });
    await recordEvents(tx, context, group, [{ kind: "member.excluded", memberId: member.id }]);
  },
};
