import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, type Group, inOwnGroup, memberOf, recordEvents, requireState } from "../groups/group";
import { type HolderRow, insertSignature, moveHolder, updateMember } from "../groups/store";
import { selectOpenDebts } from "../money/store";
import { readId } from "../read-id";
import { type NamedOffer, type OfferHandover, offerHandoverSchema } from "../schema";
import { selectTurnsOfShares } from "../turns/store";
import { acceptOffer, countersignOffer, declineOffer, type OfferKind, offerEvent, openUntil } from "./offers";
import { requireApprovers } from "./require-approvers";
import { findHandover, type HandoverRow, insertHandover, selectOpenHandovers, updateHandover } from "./store";
import { releaseNewcomer } from "./take-place";

const HANDOVER: OfferKind<HandoverRow> = {
  name: "handover",
  find: findHandover,
  update: updateHandover,
  sides: (_group, { fromMemberId, toMemberId }) => ({ from: fromMemberId, to: toMemberId }),
};

/**
 * Offers one's place, arrears and all, with the PIN: to another member with an account, or without `toMemberId` to whoever is given its link
 * (`takePlace`). Not a place that has taken. The same offer again, while it is open, is the same one. Throws `not_found`, `tontine_not_now`, and what `checkPin` throws.
 */
export async function offerHandover(context: Context, input: OfferHandover): Promise<{ handoverId: bigint }> {
  const { code, holderId, toMemberId, pin } = offerHandoverSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "running");
    const to = toMemberId === "" ? null : memberOf(group, toMemberId);
    const holder = group.holders.find(({ id }) => id === readId(holderId));
    if (holder?.memberId !== group.member.id || to?.id === group.member.id || to?.userId === null) {
      throw new DomainError("not_found");
    }
    await requireFree(tx, group, holder, to?.id ?? null);
    const same = (await selectOpenHandovers(tx, group.tontine.id)).find(
      (open) =>
        open.holderId === holder.id && open.toMemberId === (to?.id ?? null) && open.expiresAt > context.now,
    );
    if (same) return { handoverId: same.id };
    const { id } = await insertHandover(tx, {
      tontineId: group.tontine.id,
      holderId: holder.id,
      fromMemberId: group.member.id,
      toMemberId: to?.id ?? null,
      createdAt: context.now,
      expiresAt: openUntil(context.now),
    });
    const sides = { from: group.member.id, to: to?.id ?? null };
    await recordEvents(tx, context, group, [offerEvent("handover.offered", sides)]);
    return { handoverId: id };
  });
}

/** The newcomer accepts the place and signs the rules of the cycle, with the PIN. Again changes nothing. Throws `not_found`, `tontine_not_now`, and what `checkPin` throws. */
export async function acceptHandover(context: Context, input: NamedOffer): Promise<void> {
  await acceptOffer(HANDOVER, context, input, async (tx, { rules, member }, userId) => {
    await insertSignature(tx, {
      rulesId: rules.id,
      memberId: member.id,
      hash: rules.hash,
      signedByUserId: userId,
      signedAt: context.now,
    });
  });
}

/** Either side, or an officer, ends an offer. Throws `not_found`, `tontine_not_now` once it is applied. */
export async function declineHandover(context: Context, input: { code: string; id: string }): Promise<void> {
  await declineOffer(HANDOVER, context, input, (tx, group, { to }) => releaseNewcomer(tx, group, to));
}

/**
 * An officer who is neither side countersigns, with the PIN: the place, its open dues and its turn are the newcomer's. Again changes
 * nothing. Who owes others gives away no last place. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `tontine_debt_open`, and
 * what `checkPin` throws.
 */
export async function applyHandover(context: Context, input: NamedOffer): Promise<void> {
  await countersignOffer(HANDOVER, context, input, async (tx, group, handover) => {
    const { fromMemberId, toMemberId, holderId } = handover;
    const holder = group.holders.find((each) => each.id === holderId);
    if (holder?.memberId !== fromMemberId || toMemberId === null) throw new DomainError("tontine_not_now");
    await requireFree(tx, group, holder, toMemberId);
    const keepsOne = group.holders.some((each) => each.memberId === fromMemberId && each.id !== holderId);
    const debts = keepsOne ? [] : await selectOpenDebts(tx, fromMemberId);
    if (debts.length > 0) throw new DomainError("tontine_debt_open");
    if (!keepsOne) await requireApprovers(tx, group, fromMemberId, { holderId, toMemberId });
    await openAccounts(tx, [
      chart.tontineAdvance(group.accounts, toMemberId),
      chart.tontineGuarantee(group.accounts, toMemberId),
      chart.tontineOwed(group.accounts, toMemberId),
    ]);
    await moveHolder(tx, holderId, toMemberId);
    await updateHandover(tx, handover.id, { state: "applied", countersignedBy: group.member.id });
    if (!keepsOne) await updateMember(tx, fromMemberId, { state: "replaced", roles: [] });
    const isNew = ["invited", "signed"].includes(group.members.get(toMemberId)?.state ?? "");
    if (isNew) await activate(tx, group, toMemberId);
    const sides = { from: fromMemberId, to: toMemberId };
    await recordEvents(tx, context, group, [offerEvent("handover.applied", sides)]);
  });
}

async function activate(tx: Transaction, group: Group, memberId: bigint): Promise<void> {
  if (group.members.get(memberId)?.state === "invited") await updateMember(tx, memberId, { state: "signed" });
  await updateMember(tx, memberId, { state: "active" });
}

/** A place that hasn't taken, and of whose share the newcomer doesn't hold the other half. */
async function requireFree(
  tx: Transaction,
  group: Group,
  { shareId }: HolderRow,
  toMemberId: bigint | null,
): Promise<void> {
  const turn = (await selectTurnsOfShares(tx, group.cycle.id)).get(shareId);
  const hasHalf = group.holders.some((each) => each.shareId === shareId && each.memberId === toMemberId);
  if (turn?.state !== "planned" || turn.kind !== "rotation" || hasHalf)
    throw new DomainError("tontine_not_now");
}
