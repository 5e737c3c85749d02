import type { Context } from "../../context";
import { inviteTokenOf } from "../code";
import { readOwnGroup } from "../groups/group";
import type { TontineState } from "../kinds";
import { selectSignatures } from "./store";
import { isOfficer, type MemberView, memberViews } from "./view";

/** A member as the group's list shows them. */
export interface ListedMember extends MemberView {
  /** For officers only, in E.164; null where none is known to the group. */
  phone: string | null;
  /** When the rules in force were signed; null while they aren't. */
  signedAt: Date | null;
}

export interface MemberList {
  code: string;
  name: string;
  zone: string;
  state: TontineState<"group">;
  isOfficer: boolean;
  isChair: boolean;
  /** Members may be added, and offices given: before the start. */
  isOpen: boolean;
  /** Of the invitation's link; null for who holds no office, and once nobody can join. */
  inviteToken: string | null;
  members: readonly ListedMember[];
  /** SHA-256 of the rules in force: what an officer signs for somebody without an account. */
  rulesHash: string;
}

/** The people of a group. Throws `unauthenticated`, and `not_found` for what isn't theirs. */
export async function listMembers(context: Context, code: string): Promise<MemberList> {
  const { group, member } = await readOwnGroup(context, code);
  const { tontine, members, rules } = group;
  const signatures = await selectSignatures(context.db, rules.id);
  const signedAt = new Map(signatures.map((each) => [each.memberId.toString(), each.signedAt]));
  const officer = isOfficer(member);
  const isOpen = tontine.state === "draft" || tontine.state === "inviting";
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    state: tontine.state as TontineState<"group">,
    isOfficer: officer,
    isChair: member.roles.includes("chair"),
    isOpen,
    inviteToken: officer && isOpen && tontine.inviteTokenHash !== null ? inviteTokenOf(tontine.id) : null,
    members: memberViews(group, member).map((each) => ({
      ...each,
      phone: officer ? (members.get(BigInt(each.id))?.phone ?? null) : null,
      signedAt: signedAt.get(each.id) ?? null,
    })),
    rulesHash: rules.hash.toString("hex"),
  };
}
