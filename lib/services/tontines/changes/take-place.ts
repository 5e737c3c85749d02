import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { shownName } from "../../identity/users/shown-name";
import { readPlaceToken } from "../code";
import { type Group, readGroup, recordEvents, requireState } from "../groups/group";
import {
  findPerson,
  insertMember,
  insertSignature,
  lockTontine,
  type MemberRow,
  updateMember,
} from "../groups/store";
import { GONE_STATES } from "../kinds";
import { type TakePlace, takePlaceSchema } from "../schema";
import { offerEvent, requireOpen } from "./offers";
import { findHandover, findTontineOfHandover, selectOpenHandovers, updateHandover } from "./store";

/**
 * Takes a place that is handed over by its link: joins the group and signs the rules of the cycle, with the PIN; an officer countersigns
 * (`applyHandover`). Again changes nothing. Throws `unauthenticated`, `not_found` for what opens no offer or one that somebody else took,
 * `tontine_not_now`, and what `checkPin` throws.
 */
export async function takePlace(context: Context, input: TakePlace): Promise<{ code: string }> {
  const userId = requirePerson(context);
  const { token, pin } = takePlaceSchema.parse(input);
  const handoverId = readPlaceToken(token);
  const tontineId = handoverId === null ? null : await findTontineOfHandover(context.db, handoverId);
  if (handoverId === null || tontineId === null) throw new DomainError("not_found");
  await checkPin(context, pin);
  return await inTransaction(context.db, async (tx) => {
    const group = await readGroup(tx, await lockTontine(tx, tontineId));
    requireState(group, "running");
    const offer = await findHandover(tx, tontineId, handoverId);
    const known = [...group.members.values()].find((member) => member.userId === userId) ?? null;
    const { code } = group.tontine;
    if (offer?.toMemberId && offer.toMemberId === known?.id) return { code };
    if (!offer || offer.toMemberId !== null || offer.fromMemberId === known?.id) {
      throw new DomainError("not_found");
    }
    requireOpen(offer, context.now, "offered");
    const { id: memberId } = await comeIn(tx, context, group, { userId, known });
    const { rules } = group;
    const signature = { rulesId: rules.id, hash: rules.hash, signedByUserId: userId, signedAt: context.now };
    await insertSignature(tx, { ...signature, memberId });
    await updateHandover(tx, offer.id, { state: "accepted", toMemberId: memberId });
    const sides = { from: offer.fromMemberId, to: memberId };
    await recordEvents(tx, context, group, [offerEvent("handover.accepted", sides)]);
    return { code };
  });
}

/** The member who takes the place: somebody new, one of the group, or one whose earlier offer lapsed. */
async function comeIn(
  tx: Transaction,
  context: Context,
  group: Group,
  { userId, known }: { userId: bigint; known: MemberRow | null },
): Promise<MemberRow> {
  if (known && !GONE_STATES.includes(known.state)) return known;
  if (known) {
    // Who left with a turn in which they are paid back, or gave a place away, can't come back in this cycle.
    if (known.state !== "left" || holdsPlace(group, known.id)) throw new DomainError("tontine_not_now");
    await updateMember(tx, known.id, { state: "invited" });
    return known;
  }
  const { firstName, lastName } = await findPerson(tx, userId);
  const name = shownName(firstName, lastName);
  const member = await insertMember(tx, { tontineId: group.tontine.id, userId, name });
  await recordEvents(tx, context, group, [{ kind: "member.joined", memberId: member.id }]);
  return member;
}

const holdsPlace = (group: Group, memberId: bigint): boolean =>
  group.holders.some((holder) => holder.memberId === memberId);

/** Whoever came for a place that they don't get leaves again, and sees the group no more; unless another offer to them is open. */
export async function releaseNewcomer(tx: Transaction, group: Group, memberId: bigint | null): Promise<void> {
  const member = memberId === null ? undefined : group.members.get(memberId);
  if (member?.state !== "invited" || holdsPlace(group, member.id)) return;
  const open = await selectOpenHandovers(tx, group.tontine.id);
  if (open.some(({ toMemberId }) => toMemberId === member.id)) return;
  await updateMember(tx, member.id, { state: "left" });
}
