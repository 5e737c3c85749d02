import { DAY_MS, nextInstalment } from "./arithmetic";
import {
  at,
  CEILING,
  type Due,
  isOfficer,
  isOpenContribution,
  least,
  type Model,
  memberOfDue,
  open,
  type Payout,
  receiversOf,
} from "./state";

/** A due gets money; where it comes from is the caller's. */
export function payInto(model: Model, due: Due, amount: bigint, by: "paid" | "covered"): void {
  due[by] += amount;
  if (due.kind === "contribution") at(model.turns, due.turn).pot += amount;
  else if (due.kind === "solidarity") model.fund += amount;
  else if (due.kind === "deposit") at(model.members, memberOfDue(model, due)).deposit += amount;
  else model.box += amount;
}

/** What a member gets: as much as their wallet may hold, the rest is kept for them. */
export function give(model: Model, member: number, amount: bigint): void {
  const to = at(model.members, member);
  const takes = least(amount, room(model, member));
  to.wallet += takes;
  to.owed += amount - takes;
}

export function room(model: Model, member: number): bigint {
  const { hasAccount, isFrozen, wallet } = at(model.members, member);
  if (!hasAccount || isFrozen || wallet >= CEILING) return 0n;
  return CEILING - wallet;
}

/** What follows for turns that money came into: complete when nothing is missing, and new proposals where the amount has changed. */
export function settle(model: Model, turns: Iterable<number>, now: number): void {
  for (const number of new Set(turns)) {
    const turn = at(model.turns, number);
    const isMissing = model.dues.some((due) => due.turn === number && isOpenContribution(due));
    if ((turn.state === "called" || turn.state === "short") && !isMissing) {
      turn.state = turn.pot === 0n ? "cancelled" : "complete";
    }
    if (["complete", "short", "approved", "part_paid"].includes(turn.state)) propose(model, number, now);
  }
  const late = new Set(
    model.dues.filter((due) => due.isLate && isOpenContribution(due)).map((due) => memberOfDue(model, due)),
  );
  for (const [index, member] of model.members.entries()) {
    if (member.state === "late" && !late.has(index)) member.state = "active";
  }
}

const isOf =
  (turn: number, holder: number, ...states: Payout["state"][]) =>
  (payout: Payout) =>
    payout.turn === turn && payout.holder === holder && states.includes(payout.state);

const gotBefore = (model: Model, turn: number, holder: number): bigint =>
  model.payouts.filter(isOf(turn, holder, "posted")).reduce((sum, { amount }) => sum + amount, 0n);

function splitPot(model: Model, turn: number): { holder: number; amount: bigint }[] {
  const receivers = receiversOf(model, turn);
  const weights = receivers.map((holder) => at(model.holders, holder).halves);
  const before = receivers.map((holder) => gotBefore(model, turn, holder));
  const parts = nextInstalment(at(model.turns, turn).pot, weights, before);
  return receivers.map((holder, index) => ({ holder, amount: parts[index] ?? 0n }));
}

function propose(model: Model, turn: number, now: number): void {
  for (const { holder, amount } of splitPot(model, turn)) {
    if (model.payouts.some(isOf(turn, holder, "posted"))) continue;
    const proposed = model.payouts.find(isOf(turn, holder, "proposed"));
    if (proposed?.amount === amount) continue;
    if (proposed) proposed.state = "stale";
    if (amount > 0n) model.payouts.push(newPayout(turn, holder, amount, now));
  }
}

const newPayout = (turn: number, holder: number, amount: bigint, now: number): Payout => ({
  ...{ turn, holder, amount, retained: 0n, state: "proposed", proposedAt: now, approvedBy: [] },
});

/** Pays a payout: part of a leaver's stays in the box, the receiver's own late dues are paid, and they get the rest. */
function post(model: Model, payout: Payout, now: number): void {
  const { turn, holder, amount } = payout;
  const { member } = at(model.holders, holder);
  const before = model.payouts.filter(isOf(turn, holder, "posted"));
  const all = gotBefore(model, turn, holder) + amount;
  const keepsOneIn = at(model.turns, turn).isRefund ? model.rules.keepsOneIn : 0n;
  const retainedBefore = before.reduce((sum, { retained }) => sum + retained, 0n);
  payout.retained = keepsOneIn === 0n ? 0n : all / keepsOneIn - retainedBefore;
  model.box += payout.retained;
  let left = amount - payout.retained;
  const touched = new Set<number>();
  for (const due of model.dues) {
    if (memberOfDue(model, due) !== member || open(due) === 0n) continue;
    const isArrear =
      due.kind === "fine" || (due.isLate && (due.turn !== turn || due.kind !== "contribution"));
    const pays = isArrear ? least(open(due), left) : 0n;
    if (pays === 0n) continue;
    payInto(model, due, pays, "paid");
    left -= pays;
    if (due.kind === "contribution") touched.add(due.turn);
  }
  give(model, member, left);
  at(model.turns, turn).pot -= amount;
  payout.state = "posted";
  settle(model, touched, now);
}

function afterPayout(model: Model, turn: number, now: number): void {
  const it = at(model.turns, turn);
  if (it.state === "complete" || it.state === "short") it.state = "approved";
  if (model.payouts.some((payout) => payout.turn === turn && payout.state === "proposed")) return;
  const isDone = it.pot === 0n && !model.dues.some((due) => due.turn === turn && isOpenContribution(due));
  if (isDone) {
    it.state = "paid";
    it.paidAt = now;
  } else if (it.state === "approved") it.state = "part_paid";
}

/** What came into a turn that was paid out short goes on to those who were approved for it. Answers whether anything did. */
export function payRest(model: Model, turn: number, now: number): boolean {
  let isPaid = false;
  if (at(model.turns, turn).state !== "part_paid" || at(model.turns, turn).pot === 0n) return isPaid;
  for (const { holder, amount } of splitPot(model, turn)) {
    if (amount === 0n || !model.payouts.some(isOf(turn, holder, "posted"))) continue;
    const payout = newPayout(turn, holder, amount, now);
    model.payouts.push(payout);
    post(model, payout, now);
    isPaid = true;
  }
  afterPayout(model, turn, now);
  return isPaid;
}

/** Who may approve a payout at this time, and whether it suffices: section 8. */
export function mayApprove(model: Model, { turn, proposedAt }: Payout, member: number, now: number): boolean {
  const receivers = receiversOf(model, turn).map((holder) => at(model.holders, holder).member);
  const { hasAccount, state, roles } = at(model.members, member);
  const age = now - proposedAt;
  const isIn = ["active", "late"].includes(state) || (state === "defaulted" && age >= 7 * DAY_MS);
  if (!hasAccount || !isIn || receivers.includes(member)) return false;
  const isOfficerPaid = receivers.some((receiver) => isOfficer(at(model.members, receiver)));
  const isAuditor = roles.includes("auditor") && (isOfficerPaid || age >= 3 * DAY_MS);
  return isOfficer(at(model.members, member)) || isAuditor || age >= 7 * DAY_MS;
}

/** Null when it is done, else the code of the refusal. */
export function approve(model: Model, payout: Payout, member: number, now: number): string | null {
  if (payout.state !== "proposed") return "approval_stale";
  if (!mayApprove(model, payout, member, now)) return "tontine_role_missing";
  if (!payout.approvedBy.includes(member)) payout.approvedBy.push(member);
  const approvers = payout.approvedBy.map((each) => at(model.members, each));
  const receivers = receiversOf(model, payout.turn).map((holder) => at(model.holders, holder).member);
  const others = model.members.filter(
    ({ hasAccount, state }, each) =>
      hasAccount && ["active", "late"].includes(state) && !receivers.includes(each),
  );
  if (approvers.length < 2) return null;
  const isOffice = approvers.filter(({ roles }) => roles.length > 0).length >= 2;
  if (!isOffice && approvers.length * 3 < others.length * 2) return null;
  post(model, payout, now);
  afterPayout(model, payout.turn, now);
  return null;
}
