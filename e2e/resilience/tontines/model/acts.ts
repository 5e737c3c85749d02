import { largestRemainder } from "./arithmetic";
import { give, payInto, payRest, settle } from "./money";
import {
  at,
  type Due,
  holdersInOrder,
  isApprovable,
  isGone,
  isOfficer,
  least,
  type Model,
  memberOfDue,
  OFFICES,
  open,
  owes,
  owesOthers,
  partOf,
  receiversOf,
  turnOfHolder,
} from "./state";
import { newDue } from "./system";

/** Null when an act is done, else the code of its refusal, and then nothing has changed. */
export type End = string | null;

/** Takes so many halves of the first places that are free: whole shares, then a half of one that is half taken. */
export function takeHalves(model: Model, member: number, halves: bigint): End {
  const taken = (share: number) =>
    model.holders.reduce(
      (sum, each) => (each.share === share && !each.hasEnded ? sum + each.halves : sum),
      0n,
    );
  const free = (halvesTaken: bigint) => model.order.find((share) => taken(share) === halvesTaken);
  for (let left = halves; left > 0n; left -= 2n) {
    const size = left >= 2n ? 2n : 1n;
    const share = size === 2n ? free(0n) : (free(1n) ?? free(0n));
    if (share === undefined) return "tontine_full";
    model.holders.push({ share, member, halves: size, hasEnded: false });
  }
  return null;
}

/** Starts a group that has agreed, when each payout will find two who may approve it (section 8). */
export function start(model: Model): End {
  const { rules, members, turns } = model;
  for (const [index, share] of model.order.entries()) {
    at(turns, Math.floor(index / rules.sharesPerTurn)).shares.push(share);
  }
  const isApprovable = [...turns.keys()].every((turn) => {
    const receivers = new Set(receiversOf(model, turn).map((holder) => at(model.holders, holder).member));
    const officers = members.filter(isOfficer);
    const free = officers.filter((member) => !receivers.has(members.indexOf(member))).length;
    const isFree = ({ roles }: { roles: readonly string[] }, index: number) =>
      roles.includes("auditor") && !receivers.has(index);
    return free + (free < officers.length ? members.filter(isFree).length : 0) >= 2;
  });
  if (!isApprovable) {
    for (const turn of turns) turn.shares = [];
    return "tontine_not_now";
  }
  model.state = "running";
  for (const member of members) member.state = member.state === "left" ? "left" : "active";
  for (const kind of ["entry", "deposit"] as const) {
    for (const holder of holdersInOrder(model)) {
      const amount = partOf(model, holder, rules[kind]);
      if (amount > 0n) model.dues.push(newDue(0, holder, kind, amount, at(turns, 0).dueAt));
    }
  }
  return null;
}

/** Pays dues in full, or an amount of the only one; more than it asks for is kept for its debtor. */
export function payDues(
  model: Model,
  payer: number,
  { dues, amount, now }: { dues: readonly Due[]; amount: bigint | null; now: number },
): End {
  const from = at(model.members, payer);
  if (isGone(from)) return "not_found";
  if (from.isFrozen) return "wallet_frozen";
  if (model.state === "closed" || dues.some((due) => open(due) === 0n)) return "tontine_not_now";
  const total = amount ?? dues.reduce((sum, due) => sum + open(due), 0n);
  const [only] = dues;
  if (only && total < open(only) && !model.rules.parts) return "validation_failed";
  if (from.wallet < total) return "insufficient_funds";
  from.wallet -= total;
  let left = total;
  const touched: number[] = [];
  for (const due of [...dues].sort((a, b) => model.dues.indexOf(a) - model.dues.indexOf(b))) {
    const pays = least(open(due), left);
    payInto(model, due, pays, "paid");
    left -= pays;
    if (due.kind === "contribution") touched.push(due.turn);
  }
  if (only) at(model.members, memberOfDue(model, only)).advance += left;
  for (const turn of new Set(touched)) payRest(model, turn, now);
  settle(model, touched, now);
  return null;
}

export function payInAdvance(model: Model, payer: number, amount: bigint): End {
  const from = at(model.members, payer);
  if (isGone(from)) return "not_found";
  if (from.isFrozen) return "wallet_frozen";
  const isHolder = model.holders.some(({ member, hasEnded }) => member === payer && !hasEnded);
  if (model.state !== "running" || !isHolder) return "tontine_not_now";
  if (from.wallet < amount) return "insufficient_funds";
  from.wallet -= amount;
  from.advance += amount;
  return null;
}

/** Repays in the order in which others paid. */
export function repay(model: Model, payer: number, amount: bigint): End {
  const from = at(model.members, payer);
  if (isGone(from)) return "not_found";
  if (from.isFrozen) return "wallet_frozen";
  const debts = model.debts.filter((debt) => debt.debtor === payer && debt.repaid < debt.amount);
  if (debts.length === 0) return "tontine_not_now";
  if (amount > debts.reduce((sum, debt) => sum + debt.amount - debt.repaid, 0n)) return "validation_failed";
  if (from.wallet < amount) return "insufficient_funds";
  from.wallet -= amount;
  const toFund = repayFrom(model, payer, amount);
  if (model.state === "closed" && toFund > 0n) shareOut(model, toFund);
  else model.fund += toFund;
  return null;
}

/** Spends at most `amount` on a member's debts. Returns what of it goes to the fund; members get theirs at once. */
function repayFrom(model: Model, debtor: number, amount: bigint): bigint {
  let left = amount;
  let toFund = 0n;
  for (const debt of model.debts.filter((each) => each.debtor === debtor)) {
    const pays = least(debt.amount - debt.repaid, left);
    debt.repaid += pays;
    left -= pays;
    if (debt.creditor === null) toFund += pays;
    else {
      const creditor = at(model.members, debt.creditor);
      if (creditor.hasAccount && !creditor.isFrozen) creditor.wallet += pays;
      else creditor.owed += pays;
    }
  }
  return toFund;
}

export function giveMandate(
  model: Model,
  member: number,
  mandate: { ceiling: bigint; endsOn: number; now: number },
): End {
  if (isGone(at(model.members, member))) return "not_found";
  if (model.state !== "running" && model.state !== "agreed") return "tontine_not_now";
  endMandate(model, member);
  const { ceiling, endsOn, now } = mandate;
  model.mandates.push({ member, ceiling, endsOn, givenAt: now, state: "active" });
  return null;
}

export function endMandate(model: Model, member: number): End {
  if (isGone(at(model.members, member))) return "not_found";
  for (const mandate of model.mandates) if (mandate.member === member) mandate.state = "ended";
  return null;
}

/** One guarantor at a time; the guarantor signs at once. */
export function guarantee(model: Model, member: number, guarantor: number, amount: bigint): End {
  if (isGone(at(model.members, member))) return "not_found";
  if (!["inviting", "agreed", "running"].includes(model.state)) return "tontine_not_now";
  const isOwed = (creditor: number) =>
    model.debts.some(
      (debt) => debt.debtor === member && debt.creditor === creditor && debt.repaid < debt.amount,
    );
  const isLive = model.guarantees.some(
    (each) => each.member === member && (each.used === 0n || isOwed(each.guarantor)),
  );
  if (isLive) return "tontine_not_now";
  model.guarantees.push({ member, guarantor, amount, used: 0n });
  return null;
}

export function leave(model: Model, leaver: number, officer: number): End {
  const member = at(model.members, leaver);
  if (isGone(member)) return "not_found";
  if (member.roles.includes("chair") || model.state !== "running") return "tontine_not_now";
  if (owes(model, leaver)) return "tontine_debt_open";
  if (member.state !== "active") return "tontine_not_now";
  const own = model.turns.filter((_, turn) => receiversOf(model, turn).some(isHis));
  const isShared = own.some((turn) =>
    receiversOf(model, model.turns.indexOf(turn)).some((holder) => !isHis(holder)),
  );
  if (isShared || own.some(({ state }) => state !== "planned")) return "tontine_not_now";
  if (!isOfficer(at(model.members, officer)) || officer === leaver) return "tontine_role_missing";
  const { state, roles } = member;
  member.state = "left";
  member.roles = [];
  if (!isApprovable(model)) {
    Object.assign(member, { state, roles });
    return "tontine_not_now";
  }
  for (const turn of own) turn.isRefund = true;
  return null;

  function isHis(holder: number): boolean {
    return at(model.holders, holder).member === leaver;
  }
}

/** A swap that was offered, accepted and countersigned. */
export function swap(model: Model, from: number, to: number, sum: bigint): End {
  const [a, b] = [at(model.holders, from), at(model.holders, to)];
  const [turnA, turnB] = [turnOfHolder(model, from), turnOfHolder(model, to)];
  if (model.state !== "running" || !turnA || !turnB || turnA === turnB || a.halves !== 2n || b.halves !== 2n)
    return "tontine_not_now";
  if ([turnA, turnB].some(({ state, isRefund }) => state !== "planned" || isRefund)) return "tontine_not_now";
  if (owes(model, a.member) || owes(model, b.member)) return "tontine_debt_open";
  const [payer, payee] = [at(model.members, a.member), at(model.members, b.member)];
  if (sum > 0n && payer.isFrozen) return "wallet_frozen";
  if (payer.wallet < sum) return "insufficient_funds";
  payer.wallet -= sum;
  payee.wallet += sum;
  turnA.shares[turnA.shares.indexOf(a.share)] = b.share;
  turnB.shares[turnB.shares.indexOf(b.share)] = a.share;
  return null;
}

/** A handover that was offered, accepted and countersigned: the place with its open dues. What others paid stays the giver's debt. */
export function handOver(model: Model, holder: number, to: number): End {
  const place = at(model.holders, holder);
  const turn = turnOfHolder(model, holder);
  if (model.state !== "running" || turn?.state !== "planned" || turn.isRefund) return "tontine_not_now";
  if (model.holders.some((each) => each.member === to && each.share === place.share))
    return "tontine_not_now";
  const giver = at(model.members, place.member);
  const isLast = model.holders.filter(({ member }) => member === place.member).length === 1;
  if (isLast && owesOthers(model, place.member)) return "tontine_debt_open";
  const taker = at(model.members, to);
  const before = [giver.state, giver.roles, taker.state, place.member] as const;
  if (isLast) Object.assign(giver, { state: "replaced", roles: [] });
  place.member = to;
  if (taker.state === "invited" || taker.state === "signed") taker.state = "active";
  if (!isLast || isApprovable(model)) return null;
  [giver.state, giver.roles, taker.state, place.member] = before;
  return "tontine_not_now";
}

/** Deposits and advances go back, less what is owed to others; then box and fund are shared out by shares. */
export function close(model: Model, officer: number): End {
  const member = at(model.members, officer);
  if (isGone(member)) return "not_found";
  if (!member.roles.some((role) => OFFICES.includes(role))) return "tontine_role_missing";
  if (model.state !== "closing") return "tontine_not_now";
  for (const [index, each] of model.members.entries()) {
    const total = each.deposit + each.advance;
    const owed = model.debts
      .filter(({ debtor }) => debtor === index)
      .reduce((sum, { amount, repaid }) => sum + amount - repaid, 0n);
    const spent = each.hasAccount ? least(total, owed) : 0n;
    model.fund += repayFrom(model, index, spent);
    Object.assign(each, { deposit: 0n, advance: 0n });
    give(model, index, total - spent);
  }
  shareOut(model, model.box);
  shareOut(model, model.fund);
  Object.assign(model, { state: "closed", box: 0n, fund: 0n });
  return null;
}

function shareOut(model: Model, amount: bigint): void {
  const halvesOf = new Map<number, bigint>();
  for (const holder of holdersInOrder(model)) {
    const { member, halves } = at(model.holders, holder);
    if (!isGone(at(model.members, member))) halvesOf.set(member, (halvesOf.get(member) ?? 0n) + halves);
  }
  const parts = largestRemainder(amount, [...halvesOf.values()]);
  for (const [index, member] of [...halvesOf.keys()].entries()) give(model, member, parts[index] ?? 0n);
}
