import { DomainError } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../../context";
import { findHandover, findTontineOfHandover, type HandoverRow } from "../changes/store";
import { readPlaceToken } from "../code";
import { type Group, readGroup } from "../groups/group";
import { findTontineById } from "../groups/store";
import { partOfShare } from "../split";
import { openMinor, selectOpenDues, selectTurns, selectTurnsOfShares } from "../turns/store";

/** A place that is handed over by a link: all that somebody sees before they take it. */
export interface PlaceView {
  code: string;
  name: string;
  zone: string;
  /** Who gives it up. */
  from: string;
  turn: { number: number; count: number; dueAt: Date };
  halves: number;
  /** What the place pays each turn from now on, and for how many turns. */
  perTurn: Money;
  turnsLeft: number;
  /** Called and not paid: whoever takes the place pays it. */
  arrears: Money;
  /** The pot, or its half. */
  gets: Money;
  rules: { fr: string; en: string };
  /** The viewer has taken it and waits for an officer. */
  isTaken: boolean;
}

async function findOffer(context: Context, token: string): Promise<{ group: Group; offer: HandoverRow }> {
  const id = readPlaceToken(token);
  const tontineId = id === null ? null : await findTontineOfHandover(context.db, id);
  if (id === null || tontineId === null) throw new DomainError("not_found");
  const group = await readGroup(context.db, await findTontineById(context.db, tontineId));
  const offer = await findHandover(context.db, tontineId, id);
  if (!offer || group.tontine.state !== "running") throw new DomainError("not_found");
  return { group, offer };
}

/** The place that a link offers. Throws `unauthenticated`, and `not_found` for what opens none, an offer that ended, and one that somebody else took. */
export async function getPlace(context: Context, token: string): Promise<PlaceView> {
  const userId = requirePerson(context);
  const { group, offer } = await findOffer(context, token);
  const own = [...group.members.values()].find((member) => member.userId === userId);
  const isTaken = offer.toMemberId !== null && offer.toMemberId === own?.id && offer.state === "accepted";
  if (!isTaken && !isFree(offer, context.now)) throw new DomainError("not_found");
  const holder = group.holders.find(({ id }) => id === offer.holderId);
  const [turns, turnOfShare, open] = await Promise.all([
    selectTurns(context.db, group.cycle.id),
    selectTurnsOfShares(context.db, group.cycle.id),
    selectOpenDues(context.db, group.tontine.id),
  ]);
  const turn = holder && turnOfShare.get(holder.shareId);
  if (!holder || !turn) throw new DomainError("not_found");
  const { cycle, parameters, tontine, rules } = group;
  const amountOf = (minor: bigint) => money(minor, tontine.currency);
  const share = cycle.contributionMinor + BigInt(parameters.solidarityMinor);
  const pot = (cycle.contributionMinor * BigInt(cycle.shareCount)) / BigInt(cycle.sharesPerTurn);
  const arrears = open
    .filter(({ holderId }) => holderId === holder.id)
    .reduce((sum, due) => sum + openMinor(due), 0n);
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    from: group.members.get(offer.fromMemberId)?.name ?? "",
    turn: { number: turn.number, count: turns.length, dueAt: turn.dueAt },
    halves: holder.halves,
    perTurn: amountOf(holder.halves === 2 ? share : partOfShare(share, 1, true)),
    turnsLeft: turns.filter(({ state, kind }) => state === "planned" && kind === "rotation").length,
    arrears: amountOf(arrears),
    gets: amountOf((pot * BigInt(holder.halves)) / 2n),
    rules: { fr: rules.textFr, en: rules.textEn },
    isTaken,
  };
}

const isFree = ({ state, expiresAt, toMemberId }: HandoverRow, now: Date): boolean =>
  state === "offered" && expiresAt > now && toMemberId === null;

/** For whoever has the link and isn't signed in: the group's name. Throws `not_found` for what opens none. */
export async function previewPlace(context: Context, token: string): Promise<{ name: string }> {
  const { group, offer } = await findOffer(context, token);
  if (!isFree(offer, context.now)) throw new DomainError("not_found");
  return { name: group.tontine.name };
}
