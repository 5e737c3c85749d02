import { DomainError } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import type { TontineState } from "../kinds";
import { selectPayouts } from "../payouts/store";
import { selectDuesOfTurn, selectTurns } from "../turns/store";
import { type DueView, nameOf, type TurnView, toDueView, toTurnView } from "../view";
import { sharesByTurn } from "./get-tontine";

export interface PayoutView {
  id: bigint;
  receiver: string;
  instalment: number;
  amount: Money;
  /** What of it is kept for the receiver, paid their own arrears, or stayed in the box. */
  kept: Money;
  netted: Money;
  retained: Money;
  state: TontineState<"payout">;
  reason: string | null;
  postedAt: Date | null;
}

export interface TurnDetails extends TurnView {
  /** All of the turn's, of everybody: members see their group whole. */
  dues: DueView[];
  payouts: PayoutView[];
}

/** A turn of a group for one of its members. Throws `unauthenticated`, `not_found`. */
export async function getTurn(
  context: Context,
  { code, number }: { code: string; number: number },
): Promise<TurnDetails> {
  const { group, member } = await readOwnGroup(context, code);
  const turn = (await selectTurns(context.db, group.cycle.id)).find((each) => each.number === number);
  if (!turn) throw new DomainError("not_found");
  const shareIds = (await sharesByTurn(context, group)).get(turn.id) ?? new Set<bigint>();
  const { currency } = group.tontine;
  const [dues, payouts] = [
    await selectDuesOfTurn(context.db, turn.id),
    await selectPayouts(context.db, turn.id),
  ];
  return {
    ...toTurnView(group, turn, shareIds, member),
    dues: dues.map((due) => toDueView(group, due, member)),
    payouts: payouts.map((payout) => ({
      id: payout.id,
      receiver: nameOf(group, payout.memberId),
      instalment: payout.instalment,
      amount: money(payout.amountMinor, currency),
      kept: money(payout.keptMinor, currency),
      netted: money(payout.nettedMinor, currency),
      retained: money(payout.retainedMinor, currency),
      state: payout.state as TontineState<"payout">,
      reason: payout.reason,
      postedAt: payout.postedAt,
    })),
  };
}
