import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { sendTransferWithin } from "../../transfers/send-transfer";
import { getWalletNumber } from "../../wallets/get-wallet-number";
import { findOwnGroup, type Group, inOwnGroup, recordEvents, requireState } from "../groups/group";
import type { HolderRow } from "../groups/store";
import { FieldReader } from "../read-fields";
import { readId } from "../read-id";
import { type NamedOffer, type OfferSwap, offerSwapSchema } from "../schema";
import { moveTurnShare, selectTurnsOfShares, type TurnRow } from "../turns/store";
import { acceptOffer, countersignOffer, declineOffer, type OfferKind, offerEvent, openUntil } from "./offers";
import { requireClear } from "./require-clear";
import { findSwap, insertSwap, type SwapRow, selectOpenSwaps, updateSwap } from "./store";

const SWAP: OfferKind<SwapRow> = {
  name: "swap",
  find: findSwap,
  update: updateSwap,
  sides: (group, swap) => ({
    from: holderOf(group, swap.fromHolderId).memberId,
    to: holderOf(group, swap.toHolderId).memberId,
  }),
};

/**
 * Offers another holder to exchange turns, with the PIN, and a sum from wallet to wallet if there is one. Both turns are still planned, both shares
 * whole, and neither owes. The same offer again, while it is open, is the same one. Throws `not_found`, `tontine_not_now`, `tontine_debt_open`, `validation_failed`, and what `checkPin` throws.
 */
export async function offerSwap(context: Context, input: OfferSwap): Promise<{ swapId: bigint }> {
  const { code, holderId, withHolderId, consideration, pin } = offerSwapSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const reader = new FieldReader(own.tontine.currency);
  const considerationMinor = reader.amount("consideration", consideration, 0n, { mayBeZero: true });
  reader.require();
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "running");
    const [from, to] = [holderOf(group, readId(holderId)), holderOf(group, readId(withHolderId))];
    if (from.memberId !== group.member.id || to.memberId === group.member.id)
      throw new DomainError("not_found");
    const turns = await requireSwappable(tx, group, from, to);
    const same = (await selectOpenSwaps(tx, group.tontine.id)).find(
      (open) =>
        open.fromHolderId === from.id &&
        open.toHolderId === to.id &&
        open.considerationMinor === considerationMinor &&
        open.expiresAt > context.now,
    );
    if (same) return { swapId: same.id };
    const swap = await insertSwap(tx, {
      tontineId: group.tontine.id,
      fromHolderId: from.id,
      toHolderId: to.id,
      fromTurnId: turns.from.id,
      toTurnId: turns.to.id,
      considerationMinor,
      createdAt: context.now,
      expiresAt: openUntil(context.now),
    });
    const sides = { from: from.memberId, to: to.memberId };
    const about = { amountMinor: considerationMinor };
    await recordEvents(tx, context, group, [offerEvent("swap.offered", sides, about)]);
    return { swapId: swap.id };
  });
}

/** The other holder accepts, with the PIN. Again changes nothing. Throws `not_found`, `tontine_not_now` (lapsed, declined), and what `checkPin` throws. */
export async function acceptSwap(context: Context, input: NamedOffer): Promise<void> {
  await acceptOffer(SWAP, context, input);
}

/** Either side, or an officer, ends an offer. Throws `not_found`, `tontine_not_now` once it is applied. */
export async function declineSwap(context: Context, input: { code: string; id: string }): Promise<void> {
  await declineOffer(SWAP, context, input);
}

/**
 * An officer who is neither side countersigns, with the PIN: the turns are exchanged, and the sum is sent, together or not at all. Again changes
 * nothing. Throws `not_found`, `tontine_role_missing`, `tontine_not_now` (a turn was called or exchanged since), `tontine_debt_open`, and what
 * `checkPin` and `sendTransfer` throw.
 */
export async function applySwap(context: Context, input: NamedOffer): Promise<void> {
  await countersignOffer(SWAP, context, input, async (tx, group, swap) => {
    const [from, to] = [holderOf(group, swap.fromHolderId), holderOf(group, swap.toHolderId)];
    const turns = await requireSwappable(tx, group, from, to);
    if (turns.from.id !== swap.fromTurnId || turns.to.id !== swap.toTurnId) {
      throw new DomainError("tontine_not_now");
    }
    await moveTurnShare(tx, from.shareId, turns.to.id);
    await moveTurnShare(tx, to.shareId, turns.from.id);
    await updateSwap(tx, swap.id, { state: "applied", countersignedBy: group.member.id });
    await recordEvents(tx, context, group, [
      { kind: "swap.applied", memberId: from.memberId, turnId: turns.to.id },
      { kind: "swap.applied", memberId: to.memberId, turnId: turns.from.id },
    ]);
    if (swap.considerationMinor > 0n) await sendConsideration(tx, context, group, swap);
  });
}

/** The one who asked confirmed the sum with the offer; the countersignature sends it, once a swap. */
async function sendConsideration(
  tx: Transaction,
  context: Context,
  group: Group,
  swap: SwapRow,
): Promise<void> {
  const userOf = (holderId: bigint): bigint => {
    const userId = group.members.get(holderOf(group, holderId).memberId)?.userId;
    if (!userId) throw new DomainError("tontine_not_now");
    return userId;
  };
  const sender = userOf(swap.fromHolderId);
  const actor = { kind: "user", userId: sender, sessionId: "" } as const;
  const walletNumber = await getWalletNumber(tx, userOf(swap.toHolderId));
  const amount = money(swap.considerationMinor, group.tontine.currency);
  await sendTransferWithin(
    tx,
    { ...context, actor },
    { walletNumber, amount, note: null },
    `tontine-swap-${swap.id}`,
  );
}

function holderOf(group: Group, id: bigint): HolderRow {
  const holder = group.holders.find((each) => each.id === id);
  if (!holder) throw new DomainError("not_found");
  return holder;
}

/** The turns of both, when they may be exchanged: planned, of whole shares of members who owe nothing. */
async function requireSwappable(
  tx: Transaction,
  group: Group,
  from: HolderRow,
  to: HolderRow,
): Promise<{ from: TurnRow; to: TurnRow }> {
  const turnOfShare = await selectTurnsOfShares(tx, group.cycle.id);
  const turns = { from: turnOfShare.get(from.shareId), to: turnOfShare.get(to.shareId) };
  const isRotation = (turn: TurnRow | undefined) => turn?.state === "planned" && turn.kind === "rotation";
  if (!turns.from || !turns.to || !isRotation(turns.from) || !isRotation(turns.to)) {
    throw new DomainError("tontine_not_now");
  }
  if (from.halves !== 2 || to.halves !== 2 || turns.from.id === turns.to.id) {
    throw new DomainError("tontine_not_now");
  }
  await requireClear(tx, group, from.memberId);
  await requireClear(tx, group, to.memberId);
  return { from: turns.from, to: turns.to };
}
