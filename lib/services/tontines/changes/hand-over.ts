import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import {
  findOwnGroup,
  type Group,
  inOwnGroup,
  memberOf,
  OFFICERS,
  recordEvents,
  requireRole,
  requireState,
} from "../groups/group";
import { insertSignature, moveHolder, updateMember } from "../groups/store";
import { OFFER_HOURS } from "../policy";
import { readId } from "../read-id";
import { type NamedOffer, type OfferHandover, offerHandoverSchema, offerSchema } from "../schema";
import { selectTurnsOfShares } from "../turns/store";
import { findHandover, type HandoverRow, insertHandover, updateHandover } from "./store";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Offers one's place to another member with an account, arrears and all, with the PIN. Not a place that has taken. Throws `not_found`,
 * `tontine_not_now`, and what `checkPin` throws.
 */
export async function offerHandover(context: Context, input: OfferHandover): Promise<{ handoverId: bigint }> {
  const { code, holderId, toMemberId, pin } = offerHandoverSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "running");
    const to = memberOf(group, toMemberId);
    const holder = group.holders.find(({ id }) => id === readId(holderId));
    if (holder?.memberId !== group.member.id || to.id === group.member.id || to.userId === null) {
      throw new DomainError("not_found");
    }
    await requirePlanned(tx, group, holder.shareId);
    const { id } = await insertHandover(tx, {
      tontineId: group.tontine.id,
      holderId: holder.id,
      fromMemberId: group.member.id,
      toMemberId: to.id,
      createdAt: context.now,
      expiresAt: new Date(context.now.getTime() + OFFER_HOURS * HOUR_MS),
    });
    await recordEvents(tx, context, group, [{ kind: "handover.offered", memberId: to.id }]);
    return { handoverId: id };
  });
}

/** The newcomer accepts the place and signs the rules of the cycle, with the PIN. Again changes nothing. Throws `not_found`, `tontine_not_now`, and what `checkPin` throws. */
export async function acceptHandover(context: Context, input: NamedOffer): Promise<void> {
  const { code, id, pin } = offerSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const handover = await requireHandover(tx, group, id);
    if (handover.toMemberId !== group.member.id) throw new DomainError("not_found");
    if (handover.state === "accepted" || handover.state === "applied") return;
    requireOpen(handover, context.now, "offered");
    await insertSignature(tx, {
      rulesId: group.rules.id,
      memberId: group.member.id,
      hash: group.rules.hash,
      signedByUserId: own.userId,
      signedAt: context.now,
    });
    await updateHandover(tx, handover.id, { state: "accepted" });
    await recordEvents(tx, context, group, [{ kind: "handover.accepted", memberId: group.member.id }]);
  });
}

/** Either side, or an officer, ends an offer. Throws `not_found`, `tontine_not_now` once it is applied. */
export async function declineHandover(
  context: Context,
  { code, id }: { code: string; id: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const handover = await requireHandover(tx, group, id);
    const sides = [handover.fromMemberId, handover.toMemberId];
    if (!sides.includes(group.member.id)) requireRole(group.member, ...OFFICERS);
    if (handover.state === "declined") return;
    if (handover.state !== "offered" && handover.state !== "accepted")
      throw new DomainError("tontine_not_now");
    await updateHandover(tx, handover.id, { state: "declined" });
    await recordEvents(tx, context, group, [{ kind: "handover.declined", memberId: group.member.id }]);
  });
}

/**
 * An officer who is neither side countersigns, with the PIN: the place, its open dues and its turn are the newcomer's. Again changes
 * nothing. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, and what `checkPin` throws.
 */
export async function applyHandover(context: Context, input: NamedOffer): Promise<void> {
  const { code, id, pin } = offerSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, ...OFFICERS);
    const handover = await requireHandover(tx, group, id);
    if (handover.state === "applied") return;
    requireOpen(handover, context.now, "accepted");
    const { fromMemberId, toMemberId, holderId } = handover;
    if ([fromMemberId, toMemberId].includes(group.member.id)) throw new DomainError("tontine_role_missing");
    const holder = group.holders.find((each) => each.id === holderId);
    if (holder?.memberId !== fromMemberId) throw new DomainError("tontine_not_now");
    await requirePlanned(tx, group, holder.shareId);
    await openAccounts(tx, [
      chart.tontineAdvance(group.accounts, toMemberId),
      chart.tontineGuarantee(group.accounts, toMemberId),
      chart.tontineOwed(group.accounts, toMemberId),
    ]);
    await moveHolder(tx, holderId, toMemberId);
    await updateHandover(tx, handover.id, { state: "applied", countersignedBy: group.member.id });
    const keepsOne = group.holders.some((each) => each.memberId === fromMemberId && each.id !== holderId);
    if (!keepsOne) await updateMember(tx, fromMemberId, { state: "replaced", roles: [] });
    const isNew = ["invited", "signed"].includes(group.members.get(toMemberId)?.state ?? "");
    if (isNew) await activate(tx, group, toMemberId);
    await recordEvents(tx, context, group, [{ kind: "handover.applied", memberId: toMemberId }]);
  });
}

async function activate(tx: Transaction, group: Group, memberId: bigint): Promise<void> {
  if (group.members.get(memberId)?.state === "invited") await updateMember(tx, memberId, { state: "signed" });
  await updateMember(tx, memberId, { state: "active" });
}

async function requirePlanned(tx: Transaction, group: Group, shareId: bigint): Promise<void> {
  const turn = (await selectTurnsOfShares(tx, group.cycle.id)).get(shareId);
  if (turn?.state !== "planned" || turn.kind !== "rotation") throw new DomainError("tontine_not_now");
}

async function requireHandover(tx: Transaction, group: Group, id: string): Promise<HandoverRow> {
  const handover = await findHandover(tx, group.tontine.id, readId(id));
  if (!handover) throw new DomainError("not_found");
  return handover;
}

function requireOpen(handover: HandoverRow, now: Date, state: "offered" | "accepted"): void {
  if (handover.state !== state || handover.expiresAt <= now) throw new DomainError("tontine_not_now");
}
