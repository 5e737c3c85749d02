import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../../context";
import { selectTontinesOf } from "../groups/store";
import type { TontineState } from "../kinds";
import { openMinor, selectOpenDues } from "../turns/store";

/** A card in the list of a person's groups. */
export interface TontineCard {
  code: string;
  name: string;
  state: TontineState<"group">;
  /** What the person owes there now, and the next time something is due. */
  owes: Money;
  nextDueAt: Date | null;
  roles: string[];
}

const LISTED_MAX = 50;
const GONE: readonly string[] = ["left", "replaced", "excluded"];

/** The signed-in person's groups, the newest first, at most 50. Throws `unauthenticated`. */
export async function listTontines(context: Context): Promise<TontineCard[]> {
  const userId = requirePerson(context);
  const rows = await selectTontinesOf(context.db, userId, LISTED_MAX);
  const cards: TontineCard[] = [];
  for (const { tontine, member } of rows.filter((row) => !GONE.includes(row.member.state))) {
    const dues = (await selectOpenDues(context.db, tontine.id)).filter(
      ({ memberId }) => memberId === member.id,
    );
    cards.push({
      code: tontine.code,
      name: tontine.name,
      state: tontine.state as TontineState<"group">,
      owes: money(
        dues.reduce((sum, due) => sum + openMinor(due), 0n),
        tontine.currency,
      ),
      nextDueAt: dues[0]?.dueAt ?? null,
      roles: member.roles,
    });
  }
  return cards;
}
