import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import {
  findOwnGroup,
  inOwnGroup,
  type LockedGroup,
  memberOf,
  OFFICERS,
  recordEvents,
  requireRole,
  requireState,
} from "../groups/group";
import type { MemberRow } from "../groups/store";
import { type AddDrawNumber, addDrawNumberSchema } from "../schema";
import { findDraw, saveDrawNumber } from "./store";

/**
 * Adds a number of one to nine digits to the draw, or replaces it, until the sheet is frozen. A member for themselves; an officer for a
 * member without an account. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `validation_failed` about `number`.
 */
export async function addDrawNumber(context: Context, input: AddDrawNumber): Promise<void> {
  const { code, number: typed, memberId } = addDrawNumberSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const number = typed.replace(/[\s.]/g, "");
  if (!/^\d{1,9}$/.test(number)) {
    throw new DomainError("validation_failed", {
      issues: [{ field: "number", reason: "draw_number_invalid" }],
    });
  }
  await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "draft", "inviting", "agreed");
    const { cycle, parameters, holders } = group;
    const member = whoAdds(group, memberId);
    const isDrawn = holders.some((holder) => holder.memberId === member.id);
    if (parameters.order !== "draw" || !isDrawn || (await findDraw(tx, cycle.id))) {
      throw new DomainError("tontine_not_now");
    }
    await saveDrawNumber(tx, { cycleId: cycle.id, memberId: member.id, number, addedAt: context.now });
    await recordEvents(tx, context, group, [{ kind: "draw.number", memberId: member.id }]);
  });
}

function whoAdds(group: LockedGroup, memberId: string): MemberRow {
  if (memberId === "" || group.member.id.toString() === memberId) return group.member;
  requireRole(group.member, ...OFFICERS);
  const member = memberOf(group, memberId);
  if (member.userId !== null) throw new DomainError("not_found");
  return member;
}
