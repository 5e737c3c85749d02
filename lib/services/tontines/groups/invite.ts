import type { Context } from "../../context";
import { hashOfInviteToken, inviteTokenOf } from "../code";
import type { NamedTontine } from "../schema";
import { findOwnGroup, inOwnGroup, recordEvents, requireRole, requireState } from "./group";
import { countInvited, tellInvited } from "./invite-by-phone";
import { selectAddedPhones, updateTontine } from "./store";

export interface Invitation {
  /** Of the link `/join/<token>`. */
  token: string;
  /** Typed instead of it. */
  code: string;
}

/** Opens a group for others to join, tells who was added by a number before, and answers its invitation; again whenever an officer asks. Throws `not_found`, `tontine_role_missing`, `tontine_not_now` once it started. */
export async function invite(context: Context, { code }: NamedTontine): Promise<Invitation> {
  const own = await findOwnGroup(context, code);
  const phones = own.tontine.state === "draft" ? await selectAddedPhones(context.db, own.tontine.id) : [];
  if (phones.length > 0) requireRole(own.member, "chair", "treasurer", "secretary");
  const invited = await countInvited(context, own.userId, phones);
  return await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, "chair", "treasurer", "secretary");
    requireState(group, "draft", "inviting", "agreed");
    const token = inviteTokenOf(group.tontine.id);
    if (group.tontine.state === "draft") {
      await updateTontine(tx, group.tontine.id, {
        state: "inviting",
        inviteTokenHash: hashOfInviteToken(token),
      });
      await recordEvents(tx, context, group, [{ kind: "group.invited", memberId: group.member.id }]);
      await tellInvited(tx, context, group.tontine, invited);
    }
    return { token, code: group.tontine.code };
  });
}
