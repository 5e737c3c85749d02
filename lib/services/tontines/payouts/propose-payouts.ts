import { createHash } from "node:crypto";
import type { Transaction } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { type Group, recordEvents } from "../groups/group";
import { type Part, splitInstalment } from "../split";
import { type Receiver, selectReceivers, type TurnRow } from "../turns/store";
import { endPayout, insertPayout, type PayoutRow, selectPayouts } from "./store";

/** What a turn's pot holds. Nobody changes it while the group is locked. */
export async function potOf(tx: Transaction, group: Group, turnId: bigint): Promise<bigint> {
  const [pot] = await getBalances(tx, [chart.tontinePot(group.accounts, turnId)]);
  return pot?.amountMinor ?? 0n;
}

const isLive = ({ state }: PayoutRow) => state === "posted" || state === "proposed";

/** How an amount is split between those who take in a turn, with what they got of it before. */
export function splitPot(
  amountMinor: bigint,
  receivers: readonly Receiver[],
  payouts: readonly PayoutRow[],
): Part<Receiver>[] {
  return splitInstalment(
    amountMinor,
    receivers.map((receiver) => ({
      to: receiver,
      weight: BigInt(receiver.halves),
      paidMinor: payouts
        .filter(({ holderId, state }) => holderId === receiver.holderId && state === "posted")
        .reduce((sum, payout) => sum + payout.amountMinor, 0n),
    })),
  );
}

/**
 * Proposes what a turn's pot pays its receivers, for officers to approve; a proposal whose amount or receiver has changed in the meantime is
 * stale, and its approvals with it. Under the group's lock, for a turn that is complete, short, or partly approved.
 */
export async function proposePayouts(
  tx: Transaction,
  context: Context,
  group: Group,
  turn: TurnRow,
): Promise<void> {
  const [receivers, payouts] = [await selectReceivers(tx, turn.id), await selectPayouts(tx, turn.id)];
  const parts = splitPot(await potOf(tx, group, turn.id), receivers, payouts);
  for (const { to, amountMinor } of parts) {
    const ofHolder = payouts.filter((payout) => payout.holderId === to.holderId);
    // What follows an approved payout needs no other approval: the rest of a short pot.
    if (ofHolder.some(({ state }) => state === "posted")) continue;
    const proposed = ofHolder.find(({ state }) => state === "proposed");
    if (proposed?.amountMinor === amountMinor && proposed.memberId === to.memberId) continue;
    if (proposed) {
      await endPayout(tx, proposed.id, { state: "stale" });
      await recordEvents(tx, context, group, [
        { kind: "payout.stale", turnId: turn.id, payoutId: proposed.id, memberId: proposed.memberId },
      ]);
    }
    if (amountMinor === 0n) continue;
    const order = {
      turn,
      receiver: to,
      instalment: ofHolder.filter(isLive).length + (proposed ? 0 : 1),
      amountMinor,
    };
    const payout = await insertPayout(tx, { ...rowOf(group, order), proposedAt: context.now });
    await recordEvents(tx, context, group, [
      { kind: "approval.needed", turnId: turn.id, payoutId: payout.id, memberId: to.memberId, amountMinor },
    ]);
  }
}

/** A payout of a turn to one of its receivers. */
export interface PayoutOrder {
  turn: TurnRow;
  receiver: Receiver;
  instalment: number;
  amountMinor: bigint;
}

/** Its row, with the hash of what officers are shown: group, turn, receiver, amount. */
export function rowOf(group: Group, { turn, receiver, instalment, amountMinor }: PayoutOrder) {
  const { tontine } = group;
  const shown = [
    "payout/1",
    tontine.code,
    turn.number,
    receiver.holderId.toString(),
    receiver.memberId.toString(),
    group.members.get(receiver.memberId)?.name ?? "",
    instalment,
    amountMinor.toString(),
    tontine.currency,
  ];
  return {
    tontineId: tontine.id,
    turnId: turn.id,
    holderId: receiver.holderId,
    memberId: receiver.memberId,
    instalment,
    amountMinor,
    shownHash: createHash("sha256").update(JSON.stringify(shown)).digest(),
  };
}
