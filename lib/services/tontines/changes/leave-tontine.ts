import type { Reader, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import {
  findOwnGroup,
  type Group,
  inOwnGroup,
  memberOf,
  OFFICERS,
  recordEvents,
  requireRole,
  requireState,
} from "../groups/group";
import { endHoldersOf, type MemberRow, selectLeavers, updateMember, updateTontine } from "../groups/store";
import { findDraw } from "../order/store";
import { type Confirmed, confirmedSchema, memberSchema, type NamedMember } from "../schema";
import { appendTurn, moveToTurn } from "../turns/append-turn";
import { placesIn } from "../turns/decline-turn";
import { selectTurns, selectTurnsOfShares, type TurnRow, updateTurn } from "../turns/store";
import { requireApprovers } from "./require-approvers";
import { requireClear } from "./require-clear";

/**
 * Leaves a group, with the PIN. Before the start at once: the places are free again. Afterwards it is a request, which an officer countersigns
 * (`acceptLeaver`). Throws `not_found`, `tontine_not_now` (for the chair, who has taken, who must stay to approve, and between draw and
 * start), `tontine_debt_open`, and what `checkPin` throws.
 */
export async function leaveTontine(context: Context, input: Confirmed): Promise<{ hasLeft: boolean }> {
  const { code, pin } = confirmedSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    const { member, tontine } = group;
    if (member.roles.includes("chair")) throw new DomainError("tontine_not_now");
    if (tontine.state === "running") {
      await requireMayLeave(tx, group, member);
      if ((await selectLeavers(tx, tontine.id)).has(member.id)) return { hasLeft: false };
      await recordEvents(tx, context, group, [{ kind: "member.leaving", memberId: member.id }]);
      return { hasLeft: false };
    }
    requireState(group, "draft", "inviting", "agreed");
    // From the draw to the start nobody comes or goes: who doesn't like their place would be drawn again.
    if (await findDraw(tx, group.cycle.id)) throw new DomainError("tontine_not_now");
    await endHoldersOf(tx, member.id, context.now);
    await updateMember(tx, member.id, { state: "left", roles: [] });
    if (tontine.state === "agreed") await updateTontine(tx, tontine.id, { state: "inviting" });
    await recordEvents(tx, context, group, [{ kind: "member.left", memberId: member.id }]);
    return { hasLeft: true };
  });
}

/**
 * An officer countersigns a member's request to leave, with the PIN: the member's turn becomes the one in which those who took before pay back. Again
 * changes nothing. Throws `not_found` without a request, `tontine_role_missing`, `tontine_not_now`, `tontine_debt_open`, and what `checkPin` throws.
 */
export async function acceptLeaver(context: Context, input: NamedMember): Promise<void> {
  const { code, memberId, pin } = memberSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, ...OFFICERS);
    requireState(group, "running");
    const leaver = memberOf(group, memberId);
    if (leaver.state === "left") return;
    if (leaver.id === group.member.id) throw new DomainError("tontine_role_missing");
    if (!(await selectLeavers(tx, group.tontine.id)).has(leaver.id)) throw new DomainError("not_found");
    for (const turn of await requireMayLeave(tx, group, leaver)) await makeRefund(tx, group, turn, leaver);
    await updateMember(tx, leaver.id, { state: "left", roles: [] });
    await recordEvents(tx, context, group, [
      { kind: "member.left", memberId: leaver.id, details: { officer: group.member.id.toString() } },
    ]);
  });
}

/** The member, or an officer, ends a request to leave that nobody has countersigned. Again changes nothing. Throws `not_found`, `tontine_role_missing`, `tontine_not_now` once they have left. */
export async function endLeaving(
  context: Context,
  { code, memberId }: { code: string; memberId: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const leaver = memberId === "" ? group.member : memberOf(group, memberId);
    if (leaver.id !== group.member.id) requireRole(group.member, ...OFFICERS);
    if (leaver.state === "left") throw new DomainError("tontine_not_now");
    if (!(await selectLeavers(tx, group.tontine.id)).has(leaver.id)) return;
    const details = { by: group.member.id.toString() };
    await recordEvents(tx, context, group, [{ kind: "member.staying", memberId: leaver.id, details }]);
  });
}

/** The turns in which a member who may leave takes: planned ones. */
async function requireMayLeave(tx: Transaction, group: Group, leaver: MemberRow): Promise<TurnRow[]> {
  await requireClear(tx, group, leaver.id);
  const turns = await findLeaversTurns(tx, group, leaver);
  // Who was in default hands the place over.
  if (!turns || leaver.state !== "active") throw new DomainError("tontine_not_now");
  await requireApprovers(tx, group, leaver.id);
  return turns;
}

/** The turns of somebody whose place would end: planned ones; null where it can't. */
export async function findLeaversTurns(
  reader: Reader,
  group: Group,
  leaver: MemberRow,
): Promise<TurnRow[] | null> {
  const turnOfShare = await selectTurnsOfShares(reader, group.cycle.id);
  const own = group.holders.filter(({ memberId }) => memberId === leaver.id);
  const turnIds = new Set(own.flatMap(({ shareId }) => turnOfShare.get(shareId)?.id ?? []));
  const turns = (await selectTurns(reader, group.cycle.id)).filter(({ id }) => turnIds.has(id));
  return turns.some(({ state }) => state !== "planned") ? null : turns;
}

/**
 * The turn of somebody whose place ends is the one in which those who took before pay back. Where others take in it too, they keep it, with less to
 * be paid into it, and the place takes in a turn of its own on the same day.
 */
export async function makeRefund(
  tx: Transaction,
  group: Group,
  turn: TurnRow,
  leaver: MemberRow,
): Promise<void> {
  const { own, others } = await placesIn(tx, group, turn, leaver.id);
  if (others.length === 0) return await updateTurn(tx, turn.id, { kind: "refund" });
  const refund = await appendTurn(tx, group, { dueOn: turn.dueOn, kind: "refund" });
  for (const holder of own) await moveToTurn(tx, group, holder, refund.id);
}
