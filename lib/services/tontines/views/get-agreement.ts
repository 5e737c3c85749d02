import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../../context";
import type { Calendar } from "../calendar";
import { hashOfInviteToken } from "../code";
import { findInvitation } from "../groups/find-invitation";
import { type Group, readGroup, readOwnGroup } from "../groups/group";
import { findByInviteToken, type MemberRow, selectShares } from "../groups/store";
import { halvesTaken } from "../groups/take-shares";
import { partOfShare } from "../split";
import { askedPerMonth, perMonth } from "./asked-per-month";
import { halvesOf, type TurnView, turnViews } from "./view";

/** What so many halves of shares mean: when they take, what they pay and get. */
export interface Offer {
  halves: number;
  /** The turns in which they take; those of the first free places, for somebody who joins. */
  turns: readonly TurnView[];
  /** The contribution and what goes to the solidarity fund. */
  perTurn: Money;
  /** Once, with the first turn: entry fee and deposit. */
  once: Money;
  /** All turns and what is paid once. */
  total: Money;
  /** The pot. */
  gets: Money;
  /** What this and the viewer's other tontines ask in a month, together. */
  monthly: Money;
}

/** What the group alone says of it. */
type GroupOffer = Omit<Offer, "monthly">;

/** All that somebody sees before they sign. */
export interface AgreementView {
  code: string;
  name: string;
  currency: Currency;
  zone: string;
  calendar: Calendar;
  contribution: Money;
  shareCount: number;
  /** In both languages, a sentence a line; `hash` is what a signature is bound to. */
  rules: { fr: string; en: string; hash: string };
  people: readonly { id: string; name: string; roles: readonly string[]; hasSigned: boolean }[];
  turns: readonly TurnView[];
  /** What the viewer holds; for somebody who joins, each number of shares that is free. */
  offers: readonly Offer[];
  /** `outside` for somebody who joins. */
  viewer: "outside" | "invited" | "signed";
  /** The viewer's other tontines in this currency, and what they ask in a month. */
  others: { count: number; amount: Money };
  /** What pays for a member who doesn't, in this order. */
  waterfall: { deposit: Money; solidarityCovers: boolean };
}

const HERE: readonly string[] = ["invited", "signed"];

/** What the owner of an invitation's token or code would sign. Throws `unauthenticated`, `not_found`, `rate_limited`. */
export async function getInvitation(context: Context, invitation: string): Promise<AgreementView> {
  const userId = requirePerson(context);
  const group = await readGroup(context.db, await findInvitation(context, invitation));
  const own = [...group.members.values()].find((member) => member.userId === userId);
  return await describe(context.db, group, own ?? null, userId);
}

/** What a member of a group that hasn't started signs or has signed. Throws `unauthenticated`, `not_found`. */
export async function getAgreement(context: Context, code: string): Promise<AgreementView> {
  const { group, member, userId } = await readOwnGroup(context, code);
  return await describe(context.db, group, member, userId);
}

/** For whoever has the link and isn't signed in: the group's name. Throws `not_found` for what opens none. */
export async function previewInvitation(context: Context, token: string): Promise<{ name: string }> {
  const tontine = /^[\w-]{22}$/.test(token)
    ? await findByInviteToken(context.db, hashOfInviteToken(token))
    : null;
  if (!tontine || !["inviting", "agreed"].includes(tontine.state)) throw new DomainError("not_found");
  return { name: tontine.name };
}

async function describe(
  reader: Reader,
  group: Group,
  own: MemberRow | null,
  userId: bigint,
): Promise<AgreementView> {
  const { tontine, cycle, rules, calendar, parameters } = group;
  const { currency } = tontine;
  const turns = turnViews(group, own, [], new Map());
  const others = await askedPerMonth(reader, userId, { currency, except: tontine.id });
  const offered = own
    ? [offerOf(group, turns, halvesOf(group.holders, own.id))]
    : await offers(reader, group, turns);
  return {
    code: tontine.code,
    name: tontine.name,
    currency,
    zone: tontine.zone,
    calendar,
    contribution: money(cycle.contributionMinor, currency),
    shareCount: cycle.shareCount,
    rules: { fr: rules.textFr, en: rules.textEn, hash: rules.hash.toString("hex") },
    people: [...group.members.values()]
      .filter(({ state }) => HERE.includes(state))
      .map(({ id, name, roles, state }) => ({
        id: id.toString(),
        name,
        roles,
        hasSigned: state === "signed",
      })),
    turns,
    offers: offered.map((offer) => ({
      ...offer,
      monthly: money(perMonth(group, offer.perTurn.amountMinor) + others.amount.amountMinor, currency),
    })),
    others,
    viewer: own ? (own.state === "invited" ? "invited" : "signed") : "outside",
    waterfall: {
      deposit: money(BigInt(parameters.depositMinor), currency),
      solidarityCovers: parameters.solidarityCovers,
    },
  };
}

/** One share, a half, two: those for which there is room, at the places that joining would give. */
async function offers(reader: Reader, group: Group, turns: readonly TurnView[]): Promise<GroupOffer[]> {
  const shares = await selectShares(reader, group.cycle.id);
  const taken = halvesTaken(group.holders);
  const turnAt = (position: number) => turns[Math.floor((position - 1) / group.cycle.sharesPerTurn)];
  const free = shares.filter(({ id }) => (taken.get(id) ?? 0) === 0);
  const half = shares.find(({ id }) => taken.get(id) === 1) ?? free[0];
  const places = [
    { halves: 2, shares: free.slice(0, 1), needed: 1 },
    { halves: 1, shares: half ? [half] : [], needed: 1 },
    { halves: 4, shares: free.slice(0, 2), needed: 2 },
  ];
  return places
    .filter((place) => place.shares.length === place.needed)
    .map(({ halves, shares: at }) => {
      const mine = at.flatMap(({ position }) => turnAt(position) ?? []);
      return { ...offerOf(group, turns, halves), turns: mine };
    });
}

/** For a member with so many halves. */
function offerOf(
  { cycle, parameters, tontine }: Group,
  turns: readonly TurnView[],
  halves: number,
): GroupOffer {
  const of = (shareMinor: bigint) =>
    shareMinor * BigInt(Math.floor(halves / 2)) + (halves % 2 === 1 ? partOfShare(shareMinor, 1, true) : 0n);
  const { currency } = tontine;
  const perTurn = of(cycle.contributionMinor) + of(BigInt(parameters.solidarityMinor));
  const once = of(BigInt(parameters.entryMinor)) + of(BigInt(parameters.depositMinor));
  const pot = (cycle.contributionMinor * BigInt(cycle.shareCount)) / BigInt(cycle.sharesPerTurn);
  return {
    halves,
    turns: turns.filter(({ receivers }) => receivers.some(({ isMe }) => isMe)),
    perTurn: money(perTurn, currency),
    once: money(once, currency),
    // In a last turn with fewer places each pays in proportion.
    total: money((perTurn * BigInt(cycle.shareCount)) / BigInt(cycle.sharesPerTurn) + once, currency),
    gets: money((pot * BigInt(halves)) / 2n, currency),
  };
}
