import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { type DueView, toDueView } from "../member-views/view";
import { selectDuesOfMember } from "../turns/store";

/** The viewer's dues in a group, the first turn first. Throws `unauthenticated`, and `not_found` for what isn't theirs. */
export async function listOwnDues(context: Context, code: string): Promise<DueView[]> {
  const { group, member } = await readOwnGroup(context, code);
  const dues = await selectDuesOfMember(context.db, member.id);
  return dues.map((due) => toDueView(group, due));
}
