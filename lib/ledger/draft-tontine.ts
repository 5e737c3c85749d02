import type { Money } from "@/lib/money/money";
import { chart, type LedgerAccount, type TontineAccounts } from "./chart";
import { draftEntry, type EntryDraft, type Event } from "./draft";

/** What members' operations move: the entry has the operation's reference and type. */
export type TontineOutType =
  | "tontine_contribution"
  | "tontine_fee"
  | "tontine_solidarity"
  | "tontine_deposit"
  | "tontine_cover"
  | "tontine_repayment";
export type TontineInType = "tontine_payout" | "tontine_refund" | "tontine_share_out";

interface WalletMove extends Event {
  walletId: bigint;
  amount: Money;
}

/** Wallet available → an account of the tontine: a due, a deposit, a cover by a guarantor, a repayment. */
export function draftToTontine(
  event: WalletMove & { type: TontineOutType; account: LedgerAccount },
): EntryDraft {
  const { walletId, amount, type, account } = event;
  return draftEntry(event, type, [{ from: chart.available(walletId, amount.currency), to: account, amount }]);
}

/** An account of the tontine → wallet available: a payout, a deposit released, a share of what is left. */
export function draftFromTontine(
  event: WalletMove & { type: TontineInType; account: LedgerAccount },
): EntryDraft {
  const { walletId, amount, type, account } = event;
  return draftEntry(event, type, [{ from: account, to: chart.available(walletId, amount.currency), amount }]);
}

interface InnerMove {
  tontine: TontineAccounts;
  occurredAt: Date;
  amount: Money;
}

/** Advance, deposit, solidarity fund or pot → pot or box: a due is paid with what the group holds already. Once a due and part. */
export function draftDueFromGroup(
  event: InnerMove & { dueId: bigint; part: number; from: LedgerAccount; to: LedgerAccount },
): EntryDraft {
  const { dueId, part, from, to, amount, occurredAt, tontine } = event;
  const reference = `tontine/${tontine.id}/due/${dueId}`;
  return draftEntry({ reference, occurredAt }, `part:${part}`, [{ from, to, amount }]);
}

/** Pot → owed or box: what of a payout doesn't go to the wallet now. Once a payout and kind. */
export function draftPayoutRest(
  event: InnerMove & { payoutId: bigint; step: "kept" | "retained"; from: LedgerAccount; to: LedgerAccount },
): EntryDraft {
  const { payoutId, step, from, to, amount, occurredAt, tontine } = event;
  const reference = `tontine/${tontine.id}/payout/${payoutId}`;
  return draftEntry({ reference, occurredAt }, step, [{ from, to, amount }]);
}

/** Pot or box → where a payment of a due came from: it is given back. Once a payment. */
export function draftReturn(
  event: InnerMove & { paymentId: bigint; from: LedgerAccount; to: LedgerAccount },
): EntryDraft {
  const { paymentId, from, to, amount, occurredAt, tontine } = event;
  const reference = `tontine/${tontine.id}/return/${paymentId}`;
  return draftEntry({ reference, occurredAt }, "returned", [{ from, to, amount }]);
}

/** Deposit, advance, box or fund → owed: what a closing group pays out and a wallet can't take. Once an account and member. */
export function draftKeptAtClosing(
  event: InnerMove & { what: string; memberId: bigint; from: LedgerAccount },
): EntryDraft {
  const { what, memberId, from, amount, occurredAt, tontine } = event;
  const reference = `tontine/${tontine.id}/closing`;
  const to = chart.tontineOwed(tontine, memberId);
  return draftEntry({ reference, occurredAt }, `${what}:${memberId}`, [{ from, to, amount }]);
}
