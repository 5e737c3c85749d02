import type { Group } from "../groups/group";
import type { MemberRow } from "../groups/store";

const VOTING: readonly string[] = ["active", "late"];

export const mayVote = ({ userId, state }: MemberRow): boolean => userId !== null && VOTING.includes(state);

/** Who may vote, ascending: one person, one vote; not who is in default or without an account, and not the people concerned. As the database's. */
export function electorateOf({ members }: Group, concerned: readonly bigint[]): bigint[] {
  return [...members.values()]
    .filter((member) => mayVote(member) && !concerned.includes(member.id))
    .map(({ id }) => id)
    .sort((a, b) => (a < b ? -1 : 1));
}
