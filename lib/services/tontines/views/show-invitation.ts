import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { type Calendar, dueDays } from "../calendar";
import { findInvitation } from "../groups/find-invitation";
import { readGroup } from "../groups/group";
import { halvesTaken } from "../groups/take-shares";
import { selectGuarantees } from "../money/store";
import { nameOf } from "../view";

/** A group as somebody sees it who is about to join. */
export interface InvitationView {
  code: string;
  name: string;
  contribution: Money;
  calendar: Calendar;
  zone: string;
  shareCount: number;
  rules: { fr: string; en: string; hash: string };
  people: { name: string; roles: string[]; hasSigned: boolean }[];
  /** The first free place: its turn and day, and what a share pays in all and gets there; null when all are taken. */
  place: { turnNumber: number; dueOn: string; pays: Money; gets: Money } | null;
  /** Who answers if somebody stops paying, in order: each may be empty. */
  waterfall: {
    depositPerShare: Money;
    guarantors: { member: string; guarantor: string; amount: Money }[];
    fundLends: boolean;
  };
}

/** What an invitation offers, by the token of its link or its code. Throws `unauthenticated`, `not_found`, `rate_limited`. */
export async function showInvitation(
  context: Context,
  { invitation }: { invitation: string },
): Promise<InvitationView> {
  const group = await readGroup(context.db, await findInvitation(context, invitation));
  const { tontine, cycle, rules, parameters, calendar } = group;
  const { currency } = tontine;
  const guarantees = (await selectGuarantees(context.db, tontine.id)).filter(
    ({ state }) => state === "signed",
  );
  return {
    code: tontine.code,
    name: tontine.name,
    contribution: money(cycle.contributionMinor, currency),
    calendar,
    zone: tontine.zone,
    shareCount: cycle.shareCount,
    rules: { fr: rules.textFr, en: rules.textEn, hash: rules.hash.toString("hex") },
    people: [...group.members.values()]
      .filter(({ state }) => state !== "left")
      .map(({ name, roles, state }) => ({ name, roles, hasSigned: state !== "invited" })),
    place: firstPlace(),
    waterfall: {
      depositPerShare: money(BigInt(parameters.depositMinor), currency),
      guarantors: guarantees.map(({ memberId, guarantorMemberId, amountMinor }) => ({
        member: nameOf(group, memberId),
        guarantor: nameOf(group, guarantorMemberId),
        amount: money(amountMinor, currency),
      })),
      fundLends: parameters.solidarityCovers,
    },
  };

  function firstPlace(): InvitationView["place"] {
    const taken = halvesTaken(group.holders);
    const positions = new Map(
      group.holders.map(({ shareId, position }) => [position, taken.get(shareId) ?? 0]),
    );
    const all = Array.from({ length: cycle.shareCount }, (_, index) => index + 1);
    const free = all.find((position) => (positions.get(position) ?? 0) < 2);
    if (free === undefined) return null;
    const turnNumber = Math.ceil(free / cycle.sharesPerTurn);
    const turns = Math.ceil(cycle.shareCount / cycle.sharesPerTurn);
    const sharesInTurn = Math.min(
      cycle.sharesPerTurn,
      cycle.shareCount - (turnNumber - 1) * cycle.sharesPerTurn,
    );
    const pot = cycle.contributionMinor * BigInt(cycle.shareCount);
    return {
      turnNumber,
      dueOn: dueDays(calendar, turns)[turnNumber - 1] ?? "",
      pays: money(cycle.contributionMinor * BigInt(turns), currency),
      gets: money(pot / BigInt(sharesInTurn), currency),
    };
  }
}
