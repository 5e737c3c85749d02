import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { selectPayoutsOfGroup } from "../payouts/store";
import { selectDuesOfMember, selectTurns } from "../turns/store";
import { addressesOf, findGroupSeal, type GroupSeal } from "./group-accounts";
import { findStanding, type Standing } from "./standing";
import { type PaymentOfDue, selectPaymentsOf } from "./store";
import { type DueView, toDueView } from "./view";

export interface BookletPayment {
  amount: Money;
  via: PaymentOfDue["via"];
  /** Who paid; null for the debtor. */
  by: string | null;
  paidAt: Date;
  /** Of an operation in the viewer's own history. */
  reference: string | null;
}

/** A due with the payments that were made of it. */
export interface BookletLine extends DueView {
  payments: readonly BookletPayment[];
}

/** What a turn paid the viewer. */
export interface BookletPayout {
  id: string;
  turn: number;
  /** Of it: what paid the viewer's own dues, what the box kept, and what couldn't reach the wallet. */
  amount: Money;
  netted: Money;
  retained: Money;
  kept: Money;
  at: Date;
}

export interface BookletView extends Standing {
  code: string;
  name: string;
  zone: string;
  /** The viewer, as the group knows them. */
  holder: string;
  /** In the order of the turns. */
  lines: readonly BookletLine[];
  paid: Money;
  open: Money;
  /** In the order of paying. */
  received: readonly BookletPayout[];
  receivedTotal: Money;
}

/** The viewer's dues, the first turn first, with every payment of them; what they received, owe and are owed. Throws `unauthenticated`, `not_found`. */
export async function getBooklet(context: Context, code: string): Promise<BookletView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const [dues, payments, payouts, turns, standing] = await Promise.all([
    selectDuesOfMember(context.db, member.id),
    selectPaymentsOf(context.db, member.id),
    selectPayoutsOfGroup(context.db, tontine.id),
    selectTurns(context.db, group.cycle.id),
    findStanding(context.db, group, member),
  ]);
  const { currency } = tontine;
  const nameOf = (id: bigint | null) =>
    id === null || id === member.id ? null : (group.members.get(id)?.name ?? null);
  const lines = dues.map((due) => ({
    ...toDueView(group, due),
    payments: payments
      .filter(({ dueId }) => dueId === due.id)
      .map(({ amountMinor, via, payerMemberId, paidAt, reference }) => ({
        amount: money(amountMinor, currency),
        via,
        by: nameOf(payerMemberId),
        paidAt,
        // A receipt is its payer's alone.
        reference: payerMemberId === member.id ? reference : null,
      })),
  }));
  const total = (amounts: bigint[]) =>
    money(
      amounts.reduce((all, each) => all + each, 0n),
      currency,
    );
  const own = payouts.filter(({ memberId, state }) => memberId === member.id && state === "posted");
  return {
    ...standing,
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    holder: member.name,
    lines,
    paid: total(dues.filter(({ state }) => state !== "returned").map((due) => due.paidMinor)),
    open: total(lines.map(({ open }) => open.amountMinor)),
    received: own.map(({ id, turnId, amountMinor, postedAt, proposedAt, ...parts }) => ({
      id: id.toString(),
      turn: turns.find((turn) => turn.id === turnId)?.number ?? 0,
      amount: money(amountMinor, currency),
      netted: money(parts.nettedMinor, currency),
      retained: money(parts.retainedMinor, currency),
      kept: money(parts.keptMinor, currency),
      at: postedAt ?? proposedAt,
    })),
    receivedTotal: total(own.map(({ amountMinor }) => amountMinor)),
  };
}

/** A booklet with the seal that covers it, for a file. Throws as {@link getBooklet}. */
export async function readSealedBooklet(
  context: Context,
  code: string,
): Promise<BookletView & { seal: GroupSeal }> {
  const booklet = await getBooklet(context, code);
  const { group } = await readOwnGroup(context, code);
  // Found afterwards: it covers every payment that was read.
  const seal = await findGroupSeal(context.db, await addressesOf(context.db, group));
  return { ...booklet, seal };
}
