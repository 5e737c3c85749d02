import type { Context } from "../../context";
import { inviteTokenOf } from "../code";
import { readOwnGroup, requireRole, requireState } from "../groups/group";

export interface InvitationView {
  code: string;
  name: string;
  /** Of the link `/join/<token>`. */
  token: string;
  freeHalves: number;
}

/** The link and the code of a group that takes members, for its officers. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`. */
export async function showInvitation(context: Context, code: string): Promise<InvitationView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  requireRole(member, "chair", "treasurer", "secretary");
  requireState(group, "inviting", "agreed");
  const taken = group.holders.reduce((sum, { halves }) => sum + halves, 0);
  return {
    code: tontine.code,
    name: tontine.name,
    token: inviteTokenOf(tontine.id),
    freeHalves: group.cycle.shareCount * 2 - taken,
  };
}
