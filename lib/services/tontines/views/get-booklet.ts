import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { selectDuesOfMember } from "../turns/store";
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

export interface BookletView {
  code: string;
  name: string;
  zone: string;
  /** In the order of the turns. */
  lines: readonly BookletLine[];
  paid: Money;
  open: Money;
}

/** The viewer's dues, the first turn first, with every payment of them. Throws `unauthenticated`, `not_found`. */
export async function getBooklet(context: Context, code: string): Promise<BookletView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const [dues, payments] = await Promise.all([
    selectDuesOfMember(context.db, member.id),
    selectPaymentsOf(context.db, member.id),
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
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    lines,
    paid: total(dues.map((due) => due.paidMinor)),
    open: total(lines.map(({ open }) => open.amountMinor)),
  };
}
