import { DAY_MS, dayAt, instant, largestRemainder } from "./arithmetic";
import { payInto, payRest, room, settle } from "./money";
import {
  at,
  type Due,
  type DueKind,
  holdersInOrder,
  isOpenContribution,
  least,
  type Model,
  memberOfDue,
  open,
  partOf,
  receiversOf,
  turnOfHolder,
} from "./state";

const DEFAULT_AFTER = 2;
const SUSPENDED_AFTER = 3;
const TAKEN = ["part_paid", "paid", "closed"];
const DONE_WITH = ["short", "approved", "part_paid", "paid", "closed", "cancelled"];

/** A due as it is made. */
export function newDue(turn: number, holder: number, kind: DueKind, amount: bigint, dueAt: number): Due {
  return { turn, holder, kind, amount, dueAt, paid: 0n, covered: 0n, waived: 0n, isLate: false };
}

/** What time asks for, by the names of the product's steps. */
export const SYSTEM: Readonly<Record<string, (model: Model, now: number) => void>> = {
  call,
  standing,
  late,
  collect,
  rest: (model, now) => {
    // What a receiver still owed goes into other turns.
    while ([...model.turns.keys()].some((turn) => payRest(model, turn, now)));
  },
  owed,
  close: ({ turns }, now) => {
    for (const turn of turns)
      if (turn.state === "paid" && turn.paidAt <= now - 3 * DAY_MS) turn.state = "closed";
  },
  finish,
};

function call(model: Model, now: number): void {
  const { turns, rules } = model;
  const next = turns.findIndex(({ state }) => state === "planned");
  if (model.state !== "running" || next < 0) return;
  const turn = at(turns, next);
  // Of several receivers one may be paid and another one not: then the next turn waits, unless the pot is short.
  const isWaitedFor = ({ state }: (typeof turns)[number], number: number) =>
    !DONE_WITH.includes(state) ||
    (state === "approved" && !model.dues.some((due) => due.turn === number && isOpenContribution(due)));
  if (turns.slice(0, next).some(isWaitedFor)) return;
  if (now < instant(turn.dueOn - 3, 6, rules.hoursAhead)) return;
  turn.state = "called";
  const dueAt = Math.max(turn.dueAt, now + DAY_MS);
  const owed = turn.isRefund ? refunds(model, next) : null;
  for (const holder of holdersInOrder(model)) {
    const { member } = at(model.holders, holder);
    const isIn = at(model.members, member).state !== "left";
    const contribution = owed
      ? (owed.get(holder) ?? 0n)
      : isIn
        ? partOf(model, holder, rules.contribution)
        : 0n;
    const solidarity = !owed && isIn ? partOf(model, holder, rules.solidarity) : 0n;
    if (contribution > 0n) model.dues.push(newDue(next, holder, "contribution", contribution, dueAt));
    if (solidarity > 0n) model.dues.push(newDue(next, holder, "solidarity", solidarity, dueAt));
  }
  for (const due of model.dues.filter((each) => each.turn === next && each.paid + each.covered === 0n)) {
    const member = at(model.members, memberOfDue(model, due));
    if (due.isLate || member.advance < open(due)) continue;
    member.advance -= open(due);
    payInto(model, due, open(due), "paid");
  }
  settle(model, [next], now);
}

/** Those who took before the leaver give back what they got of the leaver's contributions. */
function refunds(model: Model, turn: number): Map<number, bigint> {
  const owed = new Map<number, bigint>();
  for (const leaver of receiversOf(model, turn)) {
    for (const due of model.dues.filter(({ holder, kind }) => holder === leaver && kind === "contribution")) {
      const takers = holdersInOrder(model).filter(
        (holder) => turnOfHolder(model, holder) === at(model.turns, due.turn),
      );
      const weights = takers.map((holder) => at(model.holders, holder).halves);
      const parts = largestRemainder(due.paid + due.covered, weights);
      for (const [index, taker] of takers.entries()) {
        owed.set(taker, (owed.get(taker) ?? 0n) + (parts[index] ?? 0n));
      }
    }
  }
  return owed;
}

/** Dues of who consented, from 06 h of the due day to the end of the third day after it; fines after the others. */
function standing(model: Model, now: number): void {
  if (model.state !== "running") return;
  const { hoursAhead } = model.rules;
  const until = (due: Due) => instant(at(model.turns, due.turn).dueOn + 4, 0, hoursAhead);
  const mandateOf = (due: Due) =>
    model.mandates.find(({ member, state }) => state === "active" && member === memberOfDue(model, due));
  const missed = new Map<number, number>();
  for (const due of model.dues.filter((each) => isOpenContribution(each) && now >= until(each))) {
    const mandate = mandateOf(due);
    if (mandate && mandate.givenAt <= until(due)) {
      missed.set(mandate.member, (missed.get(mandate.member) ?? 0) + 1);
    }
  }
  const touched: number[] = [];
  const payable = model.dues.filter((due) => {
    const mandate = mandateOf(due);
    const from = instant(at(model.turns, due.turn).dueOn, 6, hoursAhead);
    if (!mandate || due.kind === "deposit" || due.kind === "entry" || open(due) === 0n) return false;
    const isTime = from <= now && now < until(due) && dayAt(now, hoursAhead) <= mandate.endsOn;
    return isTime && open(due) <= mandate.ceiling;
  });
  const isFine = ({ kind }: Due) => kind === "fine";
  for (const due of [...payable.filter((each) => !isFine(each)), ...payable.filter(isFine)]) {
    const member = at(model.members, memberOfDue(model, due));
    if (member.isFrozen || member.wallet < open(due)) continue;
    member.wallet -= open(due);
    payInto(model, due, open(due), "paid");
    if (due.kind === "contribution") touched.push(due.turn);
  }
  settle(model, touched, now);
  for (const mandate of model.mandates) {
    if (mandate.state === "active" && (missed.get(mandate.member) ?? 0) >= SUSPENDED_AFTER)
      mandate.state = "suspended";
  }
}

/** Late once; a contribution gets the fine of the rules, as far as the cap of its holder's fines leaves. */
function late(model: Model, now: number): void {
  const { fineBefore, fineAfter, fineCap } = model.rules;
  const isDue = (due: Due) => !due.isLate && due.kind !== "fine" && open(due) > 0n && due.dueAt <= now;
  const due = model.dues.filter(isDue).sort((a, b) => a.dueAt - b.dueAt || a.turn - b.turn);
  for (const one of due) {
    one.isLate = true;
    if (one.kind !== "contribution") continue;
    const member = at(model.members, memberOfDue(model, one));
    if (member.state === "active") member.state = "late";
    const { halves } = at(model.holders, one.holder);
    const hasTaken = TAKEN.includes(turnOfHolder(model, one.holder)?.state ?? "");
    const fines = model.dues.filter(({ kind, holder }) => kind === "fine" && holder === one.holder);
    const left = (fineCap * halves) / 2n - fines.reduce((sum, { amount }) => sum + amount, 0n);
    const fine = least(((hasTaken ? fineAfter : fineBefore) * halves) / 2n, left);
    if (fine > 0n) model.dues.push(newDue(one.turn, one.holder, "fine", fine, now));
  }
}

/** At its closing time a turn's late contributions are covered as far as it goes; what is missing then makes a short pot. */
function collect(model: Model, now: number): void {
  for (const [number, turn] of model.turns.entries()) {
    if (turn.state !== "called") continue;
    const dues = model.dues.filter((due) => due.turn === number && due.kind === "contribution");
    if (now < Math.max(turn.closesAt, ...dues.map(({ dueAt }) => dueAt))) continue;
    for (const due of dues.filter((each) => each.isLate && open(each) > 0n)) cover(model, due, now);
    // Covering the last one completes the turn.
    const isShort = dues.some((due) => due.isLate && open(due) > 0n);
    if (isShort) turn.state = "short";
    settle(model, [number], now);
    const isUnpaid = (due: Due) =>
      due.kind === "contribution" && ((due.isLate && open(due) > 0n) || isCovered(model, due));
    const unpaid = new Set(dues.filter(isUnpaid).map((due) => memberOfDue(model, due)));
    for (const member of unpaid) {
      const all = model.dues.filter((due) => memberOfDue(model, due) === member && isUnpaid(due));
      const turnsMissed = new Set(all.map((due) => due.turn));
      const it = at(model.members, member);
      if (isShort && turnsMissed.size >= DEFAULT_AFTER && it.state === "late") it.state = "defaulted";
    }
  }
}

/** Covered in full, and not all repaid. */
function isCovered({ debts }: Model, due: Due): boolean {
  if (due.covered === 0n || open(due) > 0n) return false;
  const own = debts.filter((debt) => debt.due === due);
  return own.length === 0 || own.some(({ amount, repaid }) => repaid < amount);
}

/** The debtor's deposit, then the guarantor's wallet within the promise, then the fund. What others paid is owed to them. */
function cover(model: Model, due: Due, now: number): void {
  const debtor = memberOfDue(model, due);
  const member = at(model.members, debtor);
  const pay = (amount: bigint): bigint => {
    payInto(model, due, amount, "covered");
    return amount;
  };
  member.deposit -= pay(least(open(due), member.deposit));
  const guarantee = model.guarantees.find((each) => each.member === debtor && each.used < each.amount);
  const guarantor = guarantee ? at(model.members, guarantee.guarantor) : null;
  if (guarantee && guarantor && !guarantor.isFrozen) {
    const paid = pay(least(open(due), least(guarantor.wallet, guarantee.amount - guarantee.used)));
    guarantor.wallet -= paid;
    guarantee.used += paid;
    if (paid > 0n) model.debts.push({ due, debtor, creditor: guarantee.guarantor, amount: paid, repaid: 0n });
  }
  const lent = pay(least(open(due), model.fund));
  model.fund -= lent;
  if (lent > 0n) model.debts.push({ due, debtor, creditor: null, amount: lent, repaid: 0n });
  settle(model, [due.turn], now);
}

function owed(model: Model): void {
  for (const [index, member] of model.members.entries()) {
    const takes = least(member.owed, room(model, index));
    member.owed -= takes;
    member.wallet += takes;
  }
}

/** Some days after the last closing time, what is missing in short turns is owed to those who should have got it. */
function finish(model: Model, now: number): void {
  const { turns } = model;
  if (model.state !== "running") return;
  const waits = ["planned", "called", "complete", "approved"];
  if (turns.some(({ state, closesAt }) => waits.includes(state) || closesAt > now - 3 * DAY_MS)) return;
  for (const [number, turn] of turns.entries()) {
    if ((turn.state !== "part_paid" && turn.state !== "short") || turn.pot > 0n) continue;
    const receivers = receiversOf(model, number);
    const weights = receivers.map((holder) => at(model.holders, holder).halves);
    for (const due of model.dues.filter((each) => each.turn === number && isOpenContribution(each))) {
      const debtor = memberOfDue(model, due);
      const parts = largestRemainder(open(due), weights);
      due.waived += open(due);
      for (const [index, holder] of receivers.entries()) {
        const { member: creditor } = at(model.holders, holder);
        const amount = parts[index] ?? 0n;
        if (creditor !== debtor && amount > 0n)
          model.debts.push({ due, debtor, creditor, amount, repaid: 0n });
      }
    }
    turn.state = turn.state === "short" ? "cancelled" : "closed";
  }
  if (turns.every(({ state }) => state === "closed" || state === "cancelled")) model.state = "closing";
}
