import { databaseFault } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, inOwnGroup, memberOf, recordEvents, requireState } from "../groups/group";
import { type GuaranteeRow, insertGuarantee, selectGuarantees, updateGuarantee } from "../money/store";
import { readAmount } from "../read-fields";
import { readId } from "../read-id";
import { guaranteeSchema, type NamedGuarantee, type OfferGuarantee, offerGuaranteeSchema } from "../schema";
import { offerEvent } from "./offers";

/**
 * Asks another member to answer for one's dues up to an amount. Nothing is promised before they sign. Asking the same again changes nothing. Throws `not_found`, `tontine_not_now` (also
 * while one is open already), `validation_failed`.
 */
export async function offerGuarantee(
  context: Context,
  input: OfferGuarantee,
): Promise<{ guaranteeId: bigint }> {
  const { code, guarantorId, amount: typed } = offerGuaranteeSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const { amountMinor } = readAmount("amount", typed, own.tontine.currency);
  try {
    return await inOwnGroup(context, own, async (tx, group) => {
      requireState(group, "inviting", "agreed", "running");
      const guarantor = memberOf(group, guarantorId);
      if (guarantor.id === group.member.id || guarantor.userId === null) throw new DomainError("not_found");
      const same = (await selectGuarantees(tx, group.tontine.id)).find(
        (open) =>
          open.state === "offered" &&
          open.memberId === group.member.id &&
          open.guarantorMemberId === guarantor.id &&
          open.amountMinor === amountMinor,
      );
      if (same) return { guaranteeId: same.id };
      const { id } = await insertGuarantee(tx, {
        tontineId: group.tontine.id,
        memberId: group.member.id,
        guarantorMemberId: guarantor.id,
        amountMinor,
        createdAt: context.now,
      });
      await recordEvents(tx, context, group, [
        offerEvent("guarantee.offered", { from: group.member.id, to: guarantor.id }, { amountMinor }),
      ]);
      return { guaranteeId: id };
    });
  } catch (error) {
    if (databaseFault(error)?.code === "23505") throw new DomainError("tontine_not_now");
    throw error;
  }
}

/** The guarantor promises to pay what the member doesn't, up to the amount, with the PIN. Again changes nothing. Throws `not_found`, `tontine_not_now`, and what `checkPin` throws. */
export async function signGuarantee(context: Context, input: NamedGuarantee): Promise<void> {
  const { code, guaranteeId, pin } = guaranteeSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const guarantee = named(await selectGuarantees(tx, group.tontine.id), guaranteeId);
    if (guarantee?.guarantorMemberId !== group.member.id) throw new DomainError("not_found");
    if (guarantee.state === "signed") return;
    if (guarantee.state !== "offered") throw new DomainError("tontine_not_now");
    await updateGuarantee(tx, guarantee.id, { state: "signed", signedAt: context.now });
    const { amountMinor, memberId, guarantorMemberId } = guarantee;
    const sides = { from: memberId, to: guarantorMemberId };
    await recordEvents(tx, context, group, [
      offerEvent("guarantee.signed", sides, { memberId, amountMinor }),
    ]);
  });
}

/** Takes an offer back, or declines it, before it is signed. Throws `not_found`, `tontine_not_now`. */
export async function declineGuarantee(
  context: Context,
  { code, guaranteeId }: { code: string; guaranteeId: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const guarantee = named(await selectGuarantees(tx, group.tontine.id), guaranteeId);
    if (!guarantee || ![guarantee.guarantorMemberId, guarantee.memberId].includes(group.member.id)) {
      throw new DomainError("not_found");
    }
    if (guarantee.state === "released") return;
    if (guarantee.state !== "offered") throw new DomainError("tontine_not_now");
    await updateGuarantee(tx, guarantee.id, { state: "released" });
    const sides = { from: guarantee.memberId, to: guarantee.guarantorMemberId };
    const by = { memberId: group.member.id };
    await recordEvents(tx, context, group, [offerEvent("guarantee.declined", sides, by)]);
  });
}

const named = (guarantees: readonly GuaranteeRow[], typed: string): GuaranteeRow | undefined => {
  const id = readId(typed);
  return guarantees.find((guarantee) => guarantee.id === id);
};
