import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import type { NamedTontine } from "../schema";
import { selectDuesOfMember } from "../turns/store";
import { type DueView, toDueView } from "../view";

/** Everything that a member was asked for in a group, by turn. Throws `unauthenticated`, `not_found`. */
export async function getBooklet(context: Context, { code }: NamedTontine): Promise<DueView[]> {
  const { group, member } = await readOwnGroup(context, code);
  const dues = await selectDuesOfMember(context.db, member.id);
  return dues.map((due) => toDueView(group, due, member));
}
