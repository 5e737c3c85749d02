// What the rules of a tontine (design, sections 1 to 7) say about money, written apart from the product, for comparison.
import { type DayNumber, instant } from "./arithmetic";

export interface Rules {
  contribution: bigint;
  sharesPerTurn: number;
  parts: boolean;
  fineBefore: bigint;
  fineAfter: bigint;
  fineCap: bigint;
  closesAfterDays: number;
  solidarity: bigint;
  entry: bigint;
  deposit: bigint;
  /** Of what a leaver gets back one part in so many stays in the box; 0 for nothing. */
  keepsOneIn: bigint;
  hoursAhead: number;
  dueHour: number;
}

export type MemberState = "invited" | "signed" | "active" | "late" | "defaulted" | "left" | "replaced";

export interface Member {
  hasAccount: boolean;
  isFrozen: boolean;
  roles: readonly string[];
  state: MemberState;
  wallet: bigint;
  advance: bigint;
  deposit: bigint;
  owed: bigint;
}

/** A whole share of a member, or a half of one. */
export interface Holder {
  share: number;
  member: number;
  halves: bigint;
  hasEnded: boolean;
}

export type TurnState =
  | "planned"
  | "called"
  | "complete"
  | "short"
  | "approved"
  | "part_paid"
  | "paid"
  | "closed"
  | "cancelled";

export interface Turn {
  dueOn: DayNumber;
  dueAt: number;
  closesAt: number;
  state: TurnState;
  isRefund: boolean;
  /** Shares that take in it. */
  shares: number[];
  pot: bigint;
  paidAt: number;
}

export type DueKind = "contribution" | "solidarity" | "entry" | "deposit" | "fine";

export interface Due {
  turn: number;
  holder: number;
  kind: DueKind;
  amount: bigint;
  paid: bigint;
  covered: bigint;
  waived: bigint;
  isLate: boolean;
  dueAt: number;
}

export interface Debt {
  due: Due;
  debtor: number;
  /** Null for the fund. */
  creditor: number | null;
  amount: bigint;
  repaid: bigint;
}

export interface Payout {
  turn: number;
  holder: number;
  amount: bigint;
  retained: bigint;
  state: "proposed" | "posted" | "refused" | "stale";
  proposedAt: number;
  approvedBy: number[];
}

export interface Mandate {
  member: number;
  ceiling: bigint;
  endsOn: DayNumber;
  givenAt: number;
  state: "active" | "suspended" | "ended";
}

export interface Guarantee {
  member: number;
  guarantor: number;
  amount: bigint;
  used: bigint;
}

/** Members, holders, turns and dues are named by their places in these lists. */
export interface Model {
  rules: Rules;
  state: "inviting" | "agreed" | "running" | "closing" | "closed";
  members: Member[];
  /** Shares in the order in which they take. */
  order: number[];
  holders: Holder[];
  turns: Turn[];
  dues: Due[];
  debts: Debt[];
  payouts: Payout[];
  mandates: Mandate[];
  guarantees: Guarantee[];
  box: bigint;
  fund: bigint;
}

export const CEILING = 2_000_000n;
export const OFFICES = ["chair", "treasurer", "secretary"];

/** An entry of a list that is known to be there. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`the model has no entry ${index}`);
  return found;
}

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const open = ({ amount, paid, covered, waived }: Due): bigint => amount - paid - covered - waived;
export const isOfficer = ({ roles }: Member): boolean => roles.some((role) => OFFICES.includes(role));
export const isGone = ({ state }: Member): boolean => state === "left" || state === "replaced";

export function newModel(rules: Rules, shares: number, dueDays: readonly DayNumber[]): Model {
  const turns = dueDays.map((dueOn): Turn => {
    const time = (day: DayNumber) => instant(day, rules.dueHour, rules.hoursAhead);
    const times = { dueOn, dueAt: time(dueOn), closesAt: time(dueOn + rules.closesAfterDays) };
    return { ...times, state: "planned", isRefund: false, shares: [], pot: 0n, paidAt: 0 };
  });
  return {
    ...{ rules, turns, state: "inviting", members: [], holders: [], dues: [], debts: [], payouts: [] },
    ...{ mandates: [], guarantees: [], box: 0n, fund: 0n },
    order: Array.from({ length: shares }, (_, share) => share),
  };
}

/** In the order of the shares. */
export function holdersInOrder({ order, holders }: Model): number[] {
  const places = new Map(order.map((share, place) => [share, place]));
  const place = (holder: number) => places.get(at(holders, holder).share) ?? 0;
  return [...holders.keys()]
    .filter((holder) => !at(holders, holder).hasEnded)
    .sort((a, b) => place(a) - place(b) || a - b);
}

/** Whether each payout that is still to come finds two who could approve it. */
export function isApprovable(model: Model): boolean {
  const isPaid = ["paid", "closed", "cancelled"];
  return [...model.turns.keys()].every((turn) => {
    const receivers = receiversOf(model, turn).map((holder) => at(model.holders, holder).member);
    const able = model.members.filter(
      ({ hasAccount, state }, index) =>
        hasAccount && ["active", "late", "defaulted"].includes(state) && !receivers.includes(index),
    );
    return able.length >= 2 || isPaid.includes(at(model.turns, turn).state);
  });
}

/** What a holder pays of a whole share's amount; of two halves the first one pays an odd unit. */
export function partOf({ holders }: Model, holder: number, amount: bigint): bigint {
  const { share, halves } = at(holders, holder);
  if (halves === 2n) return amount;
  const first = holders.findIndex((each) => each.share === share && !each.hasEnded);
  return first === holder ? (amount + 1n) / 2n : amount / 2n;
}

export const turnOfHolder = ({ turns, holders }: Model, holder: number): Turn | undefined =>
  turns.find(({ shares }) => shares.includes(at(holders, holder).share));

/** Who takes in a turn. */
export function receiversOf({ turns, holders }: Model, turn: number): number[] {
  const { shares } = at(turns, turn);
  return [...holders.keys()].filter((holder) => {
    const { share, hasEnded } = at(holders, holder);
    return !hasEnded && shares.includes(share);
  });
}

export const memberOfDue = (model: Model, due: Due): number => at(model.holders, due.holder).member;
export const isOpenContribution = (due: Due): boolean => due.kind === "contribution" && open(due) > 0n;

/** Whether a member owes a due that was called, a fine, or what others paid. */
export function owes(model: Model, member: number): boolean {
  return (
    model.dues.some((due) => memberOfDue(model, due) === member && open(due) > 0n) ||
    owesOthers(model, member)
  );
}

export const owesOthers = ({ debts }: Model, member: number): boolean =>
  debts.some(({ debtor, amount, repaid }) => debtor === member && repaid < amount);
