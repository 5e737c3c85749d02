import type { Transaction } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { selectDisputedDues } from "../disputes/store";
import { type Group, recordEvents } from "../groups/group";
import { selectWallets } from "../groups/store";
import type { PostedStep } from "../money/post-steps";
import { restoreMembers } from "../money/restore-members";
import { dueFromGroup, restOfPayout, type Step, toWallet } from "../money/steps";
import { countParts } from "../money/store";
import { takesNow } from "../money/takes-now";
import { findTurn, lockDues, type OwedDue, openMinor, selectOpenDues, type TurnRow } from "../turns/store";
import { isNetted } from "./netted-dues";
import { settleTurn } from "./settle-turn";
import { endPayout, type PayoutRow, selectPayouts } from "./store";

/** The entries of a payout, and what is recorded of it once they are posted. */
export interface PreparedPayout {
  payout: PayoutRow;
  steps: Step[];
  keptMinor: bigint;
  nettedMinor: bigint;
  retainedMinor: bigint;
  /** Of the wallet's operation; null when nothing reaches the wallet. */
  reference: string | null;
}

/**
 * Where a payout goes: the box keeps its part of what a leaver gets back; the receiver's own late dues are paid; what the wallet can't take
 * (frozen, above the ceiling, no account) is kept; the rest reaches the wallet. `before` are the steps that the same list posts first. Locks
 * the receiver's late dues.
 */
export async function preparePayout(
  tx: Transaction,
  context: Context,
  group: Group,
  turn: TurnRow,
  payout: PayoutRow,
  before: readonly Step[] = [],
): Promise<PreparedPayout> {
  const { accounts } = group;
  const pot = chart.tontinePot(accounts, turn.id);
  const steps: Step[] = [];
  const occurredAt = context.now;
  const retainedMinor = await retainedOf(tx, group, turn, payout);
  const rest = { payoutId: payout.id, from: pot, occurredAt };
  if (retainedMinor > 0n) {
    const to = chart.tontineBox(accounts);
    steps.push(restOfPayout(group, { ...rest, step: "retained", to, amountMinor: retainedMinor }));
  }
  let left = payout.amountMinor - retainedMinor;
  for (const { due: stored, part: next } of await ownArrears(tx, group, payout.memberId, turn.id)) {
    const { due, part } = afterSteps(stored, next, before);
    const amountMinor = openMinor(due) < left ? openMinor(due) : left;
    if (amountMinor === 0n) continue;
    steps.push(dueFromGroup(group, { due, part, amountMinor, via: "payout", from: pot, occurredAt }));
    left -= amountMinor;
  }
  const nettedMinor = payout.amountMinor - retainedMinor - left;
  const wallet = (await selectWallets(tx, [payout.memberId])).get(payout.memberId);
  const takes = await takesNow(tx, group, wallet, left, before);
  const keptMinor = left - takes;
  if (keptMinor > 0n) {
    const to = chart.tontineOwed(accounts, payout.memberId);
    steps.push(restOfPayout(group, { ...rest, step: "kept", to, amountMinor: keptMinor }));
  }
  let reference: string | null = null;
  if (takes > 0n) {
    invariant(wallet, "only a wallet takes something");
    const { walletId, memberId } = wallet;
    const to = {
      type: "tontine_payout",
      walletId,
      memberId,
      turnId: turn.id,
      account: pot,
      occurredAt,
    } as const;
    const step = toWallet(group, { ...to, amountMinor: takes });
    steps.push(step);
    reference = step.operation.reference;
  }
  return { payout, steps, keptMinor, nettedMinor, retainedMinor, reference };
}

/** What the box keeps of a leaver's money: of all instalments together as of one sum. */
async function retainedOf(tx: Transaction, group: Group, turn: TurnRow, payout: PayoutRow): Promise<bigint> {
  const oneIn = BigInt(group.parameters.retentionOneIn);
  if (turn.kind !== "refund" || oneIn === 0n) return 0n;
  const posted = (await selectPayouts(tx, turn.id)).filter(
    ({ holderId, state }) => holderId === payout.holderId && state === "posted",
  );
  const paid = posted.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const retained = posted.reduce((sum, each) => sum + each.retainedMinor, 0n);
  return (paid + payout.amountMinor) / oneIn - retained;
}

/** A due as it is after what a list pays of it before, and the number of its next part. */
function afterSteps(due: OwedDue, part: number, steps: readonly Step[]): { due: OwedDue; part: number } {
  const own = steps.filter((step) => step.due?.due.id === due.id);
  const paid = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return { due: { ...due, paidMinor: due.paidMinor + paid }, part: part + own.length };
}

/** The receiver's own late dues of other turns: what is late in this one's pot would go round in a circle. */
async function ownArrears(tx: Transaction, group: Group, memberId: bigint, turnId: bigint) {
  const disputed = await selectDisputedDues(tx, group.tontine.id);
  const open = await selectOpenDues(tx, group.tontine.id);
  const netted = open.filter((due) => isNetted(due, memberId, turnId) && !disputed.has(due.id));
  const isLate = ({ state }: OwedDue) => state === "late";
  const ids = [...netted.filter(isLate), ...netted.filter((due) => !isLate(due))].map(({ id }) => id);
  const [dues, parts] = [await lockDues(tx, group.tontine.id, ids), await countParts(tx, ids)];
  return dues.map((due) => ({ due, part: (parts.get(due.id) ?? 0) + 1 }));
}

/** Records that a payout's entries were posted, and what follows for other turns whose dues it paid. */
export async function finishPayout(
  tx: Transaction,
  context: Context,
  group: Group,
  prepared: PreparedPayout,
  posted: readonly PostedStep[],
): Promise<void> {
  const { payout, keptMinor, nettedMinor, retainedMinor, reference } = prepared;
  const own = posted.find(({ operation }) => operation !== null && operation.reference === reference);
  await endPayout(tx, payout.id, {
    state: "posted",
    postedAt: context.now,
    operationId: own?.operationId ?? null,
    keptMinor,
    nettedMinor,
    retainedMinor,
  });
  await recordEvents(tx, context, group, [
    {
      kind: "payout.posted",
      turnId: payout.turnId,
      payoutId: payout.id,
      memberId: payout.memberId,
      amountMinor: payout.amountMinor,
    },
  ]);
  await settleOtherTurns(tx, context, group, prepared);
}

async function settleOtherTurns(
  tx: Transaction,
  context: Context,
  group: Group,
  { steps }: PreparedPayout,
): Promise<void> {
  const dues = steps.flatMap(({ due }) => (due?.due.kind === "contribution" ? [due.due] : []));
  if (dues.length === 0) return;
  for (const turnId of new Set(dues.map((due) => due.turnId))) {
    await settleTurn(tx, context, group, await findTurn(tx, turnId));
  }
  await restoreMembers(tx, group);
}
