import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import type { TontineEvent } from "../events";
import {
  findOwnGroup,
  type Group,
  inOwnGroup,
  type LockedGroup,
  OFFICERS,
  recordEvents,
  requireRole,
} from "../groups/group";
import type { TontineState } from "../kinds";
import { OFFER_HOURS } from "../policy";
import { readId } from "../read-id";
import { type NamedOffer, offerSchema } from "../schema";

const HOUR_MS = 60 * 60 * 1000;

/** The members on both sides of an offer; `to` is null while nobody has taken one that is open to a newcomer. */
export interface Sides {
  from: bigint;
  to: bigint | null;
}

interface OfferRow {
  id: bigint;
  state: string;
  expiresAt: Date;
}

/**
 * What a swap and a handover have in common: a member offers, another one accepts, an officer who is neither countersigns; each with the PIN, and
 * all within some hours, or the offer lapses.
 */
export interface OfferKind<Row extends OfferRow> {
  name: "swap" | "handover";
  find(tx: Transaction, tontineId: bigint, id: bigint): Promise<Row | null>;
  update(
    tx: Transaction,
    id: bigint,
    patch: { state: TontineState<"swap">; countersignedBy?: bigint },
  ): Promise<void>;
  sides(group: Group, offer: Row): Sides;
}

export const openUntil = (now: Date): Date => new Date(now.getTime() + OFFER_HOURS * HOUR_MS);

/** Throws `tontine_not_now` for an offer in another state, and for one whose time is over. */
export function requireOpen(offer: OfferRow, now: Date, state: "offered" | "accepted"): void {
  if (offer.state !== state || offer.expiresAt <= now) throw new DomainError("tontine_not_now");
}

/** What members are told of an offer: from whom to whom. */
export function offerEvent(
  kind: TontineEvent["kind"],
  { from, to }: Sides,
  more: Partial<TontineEvent> = {},
): TontineEvent {
  const details = { from: from.toString(), to: to?.toString() ?? null, ...more.details };
  return { kind, memberId: to ?? from, ...more, details };
}

/** The other side accepts, with the PIN; `sign` does what only this kind of offer asks for. Again changes nothing. */
export async function acceptOffer<Row extends OfferRow>(
  kind: OfferKind<Row>,
  context: Context,
  input: NamedOffer,
  sign: (tx: Transaction, group: LockedGroup, userId: bigint) => Promise<void> = async () => {},
): Promise<void> {
  const { code, id, pin } = offerSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const offer = await requireOffer(kind, tx, group, id);
    const sides = kind.sides(group, offer);
    if (sides.to !== group.member.id) throw new DomainError("not_found");
    if (offer.state === "accepted" || offer.state === "applied") return;
    requireOpen(offer, context.now, "offered");
    await sign(tx, group, own.userId);
    await kind.update(tx, offer.id, { state: "accepted" });
    const event = offerEvent(`${kind.name}.accepted`, sides, { memberId: group.member.id });
    await recordEvents(tx, context, group, [event]);
  });
}

/** Either side, or an officer, ends an offer. Throws `not_found`, `tontine_not_now` once it is applied. */
export async function declineOffer<Row extends OfferRow>(
  kind: OfferKind<Row>,
  context: Context,
  { code, id }: { code: string; id: string },
  after: (tx: Transaction, group: LockedGroup, sides: Sides) => Promise<void> = async () => {},
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const offer = await requireOffer(kind, tx, group, id);
    const sides = kind.sides(group, offer);
    if (sides.from !== group.member.id && sides.to !== group.member.id) {
      requireRole(group.member, ...OFFICERS);
    }
    if (offer.state === "declined") return;
    if (offer.state !== "offered" && offer.state !== "accepted") throw new DomainError("tontine_not_now");
    await kind.update(tx, offer.id, { state: "declined" });
    const event = offerEvent(`${kind.name}.declined`, sides, { memberId: group.member.id });
    await recordEvents(tx, context, group, [event]);
    await after(tx, group, sides);
  });
}

/** An officer who is neither side countersigns, with the PIN, and `apply` does what was agreed. Again changes nothing. */
export async function countersignOffer<Row extends OfferRow>(
  kind: OfferKind<Row>,
  context: Context,
  input: NamedOffer,
  apply: (tx: Transaction, group: LockedGroup, offer: Row) => Promise<void>,
): Promise<void> {
  const { code, id, pin } = offerSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, ...OFFICERS);
    const offer = await requireOffer(kind, tx, group, id);
    if (offer.state === "applied") return;
    requireOpen(offer, context.now, "accepted");
    const { from, to } = kind.sides(group, offer);
    if (from === group.member.id || to === group.member.id) throw new DomainError("tontine_role_missing");
    await apply(tx, group, offer);
  });
}

async function requireOffer<Row extends OfferRow>(
  kind: OfferKind<Row>,
  tx: Transaction,
  group: Group,
  id: string,
): Promise<Row> {
  const offer = await kind.find(tx, group.tontine.id, readId(id));
  if (!offer) throw new DomainError("not_found");
  return offer;
}
