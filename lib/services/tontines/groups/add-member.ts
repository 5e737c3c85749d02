import { PHONE_REASONS, parsePhone } from "@/lib/phone";
import { cleanLine, isReadableName } from "@/lib/text";
import type { Context } from "../../context";
import { SHARES_MAX } from "../policy";
import { FieldReader } from "../read-fields";
import { type AddMember, addMemberSchema } from "../schema";
import { findOwnGroup, inOwnGroup, recordEvents, requireRole, requireState } from "./group";
import { countInvited, tellInvited } from "./invite-by-phone";
import { insertMember } from "./store";
import { takeShares } from "./take-shares";

const NAME_LENGTH_MAX = 80;

/**
 * Adds somebody by name and phone number: a member without an account, whose dues others pay, until the owner of the number joins.
 * In a group that is open they are told, by SMS or in their account (`isTold`); else once it is opened. Officers only, before the start. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `tontine_full`, `validation_failed`.
 */
export async function addMember(
  context: Context,
  input: AddMember,
): Promise<{ memberId: bigint; isTold: boolean }> {
  const typed = addMemberSchema.parse(input);
  const own = await findOwnGroup(context, typed.code);
  const reader = new FieldReader(own.tontine.currency);
  const name = cleanLine(typed.name);
  if (name === "") reader.refuse("name", "name_required");
  else if (name.length > NAME_LENGTH_MAX) reader.refuse("name", "too_long", { max: NAME_LENGTH_MAX });
  else if (!isReadableName(name)) reader.refuse("name", "name_unreadable");
  const phone = typed.phone.trim() === "" ? null : parsePhone(typed.phone);
  if (phone && "reason" in phone) reader.refuse("phone", PHONE_REASONS[phone.reason]);
  const halves = reader.halves("shares", typed.shares, 2, 1, SHARES_MAX * 2);
  reader.require();
  const e164 = phone && "e164" in phone ? phone.e164 : null;
  requireRole(own.member, "chair", "treasurer", "secretary");
  const isOpen = own.tontine.state === "inviting";
  const invited = await countInvited(context, own.userId, isOpen && e164 !== null ? [e164] : []);
  return await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, "chair", "treasurer", "secretary");
    requireState(group, "draft", "inviting");
    const member = await insertMember(tx, { tontineId: group.tontine.id, name, phone: e164 });
    await takeShares(tx, group.cycle.id, member.id, halves);
    await recordEvents(tx, context, group, [{ kind: "member.joined", memberId: member.id }]);
    const told = await tellInvited(tx, context, group.tontine, invited);
    return { memberId: member.id, isTold: told.length > 0 };
  });
}
