import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { isDisputed } from "../disputes/store";
import { type Group, inGroup } from "../groups/group";
import { postSteps } from "../money/post-steps";
import type { Step } from "../money/steps";
import { selectReceivers, selectTurns, type TurnRow } from "../turns/store";
import { finishPayout, type PreparedPayout, preparePayout } from "./payout-steps";
import { potOf, rowOf, splitPot } from "./propose-payouts";
import { settlePaidTurn } from "./settle-turn";
import { insertPayout, selectPayouts } from "./store";

/**
 * The next instalments of a turn whose pot was paid out short: an amount that came since, to those who were approved for the first. Nothing is
 * posted yet; `before` are the steps that the same list posts first.
 */
export async function prepareRest(
  tx: Transaction,
  context: Context,
  group: Group,
  turn: TurnRow,
  amountMinor: bigint,
  before: readonly Step[] = [],
): Promise<PreparedPayout[]> {
  if (amountMinor === 0n || (await isDisputed(tx, turn.id))) return [];
  const [receivers, payouts] = [await selectReceivers(tx, turn.id), await selectPayouts(tx, turn.id)];
  const prepared: PreparedPayout[] = [];
  for (const { to, amountMinor: part } of splitPot(amountMinor, receivers, payouts)) {
    const posted = payouts.filter(({ holderId, state }) => holderId === to.holderId && state === "posted");
    const first = posted.find(({ approvedPayoutId }) => approvedPayoutId === null);
    if (!first || first.memberId !== to.memberId || part === 0n) continue;
    const order = { turn, receiver: to, instalment: posted.length + 1, amountMinor: part };
    const row = { ...rowOf(group, order), approvedPayoutId: first.id, proposedAt: context.now };
    const steps = [...before, ...prepared.flatMap((payout) => payout.steps)];
    prepared.push(await preparePayout(tx, context, group, turn, await insertPayout(tx, row), steps));
  }
  return prepared;
}

/** Pays on what a partly paid turn's pot holds. For the system. Answers how many payouts it made. */
export async function payRest(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    const turns = await selectTurns(tx, group.cycle.id);
    for (const turn of turns.filter(({ state }) => state === "part_paid")) {
      const prepared = await prepareRest(tx, context, group, turn, await potOf(tx, group, turn.id));
      const steps = prepared.flatMap((payout) => payout.steps);
      const posted = await postSteps(tx, context, group, steps);
      for (const payout of prepared) await finishPayout(tx, context, group, payout, posted);
      await settlePaidTurn(tx, context, group, turn);
      // One list a transaction.
      if (prepared.length > 0) return prepared.length;
    }
    return 0;
  });
}
