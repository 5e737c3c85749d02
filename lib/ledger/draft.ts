import { invariant } from "@/lib/invariant";
import { add } from "@/lib/money/arithmetic";
import { AMOUNT_MINOR_MAX, type Money } from "@/lib/money/money";
import { chart, type LedgerAccount } from "./chart";

/** An amount that leaves `from` and reaches `to`. */
export interface PostingDraft {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amount: Money;
}

/** An entry to be posted. (source, step) names the business event: it posts once, for ever. */
export interface EntryDraft {
  readonly source: string;
  readonly step: string;
  readonly occurredAt: Date;
  readonly postings: readonly PostingDraft[];
  readonly reversesEntryId?: bigint;
}

export interface Event {
  /** The operation's reference. */
  reference: string;
  occurredAt: Date;
}

interface WalletEvent extends Event {
  walletId: bigint;
  provider: string;
  amount: Money;
}

/** An entry with its postings checked: amounts, ends and currencies. Throws InvariantError. */
export function draftEntry(event: Event, step: string, postings: PostingDraft[]): EntryDraft {
  for (const { amount, from, to } of postings) {
    invariant(amount.amountMinor > 0n && amount.amountMinor <= AMOUNT_MINOR_MAX, "a posting moves something");
    invariant(from.address !== to.address, "a posting has two ends");
    invariant(
      from.currency === amount.currency && to.currency === amount.currency,
      "a posting has one currency",
    );
  }
  return { source: event.reference, step, occurredAt: event.occurredAt, postings };
}

/** Provider clearing → wallet available: the provider confirmed a deposit of exactly this amount. */
export function draftDepositCredit(event: WalletEvent): EntryDraft {
  const { walletId, provider, amount } = event;
  return draftEntry(event, "credit", [
    {
      from: chart.clearing(provider, amount.currency),
      to: chart.available(walletId, amount.currency),
      amount,
    },
  ]);
}

/** Provider clearing → suspense: money came that we can't attribute. `source` is the provider's event, not ours. */
export function draftSuspense(event: Event & { provider: string; amount: Money }): EntryDraft {
  const { provider, amount } = event;
  return draftEntry(event, "suspense", [
    { from: chart.clearing(provider, amount.currency), to: chart.suspense(amount.currency), amount },
  ]);
}

/** Suspense → wallet available: an operator found whose it is. It reverses the entry that put it there, so it goes once. */
export function draftAssign(event: Omit<WalletEvent, "provider"> & { suspenseEntryId: bigint }): EntryDraft {
  const { walletId, amount, suspenseEntryId } = event;
  const { currency } = amount;
  const posting = { from: chart.suspense(currency), to: chart.available(walletId, currency), amount };
  return { ...draftEntry(event, "credit", [posting]), reversesEntryId: suspenseEntryId };
}

/** Wallet available → clearing, and owed → clearing for the rest: the provider took a credited deposit's money back. */
export function draftTakeBack(
  event: Omit<WalletEvent, "amount"> & { disputeId: bigint; taken: Money; owed: Money },
): EntryDraft {
  const { walletId, provider, disputeId, taken, owed } = event;
  const { currency } = taken;
  const to = chart.clearing(provider, currency);
  const postings = [
    { from: chart.available(walletId, currency), to, amount: taken },
    { from: chart.owed(walletId, currency), to, amount: owed },
  ];
  // Once a dispute.
  return draftEntry(
    event,
    `take_back:${disputeId}`,
    postings.filter(({ amount }) => amount.amountMinor > 0n),
  );
}

/** Wallet available → owed: money that came in pays what a taken-back deposit left unpaid. */
export function draftRepayment(event: Omit<WalletEvent, "provider">): EntryDraft {
  const { walletId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "repay", [
    { from: chart.available(walletId, currency), to: chart.owed(walletId, currency), amount },
  ]);
}

/** Wallet available → held, amount and fee together: a withdrawal was requested. */
export function draftReserve(event: WalletEvent & { fee: Money }): EntryDraft {
  const { walletId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "reserve", [
    { from: chart.available(walletId, currency), to: chart.held(walletId, currency), amount: total(event) },
  ]);
}

/** Wallet held → clearing, and the fee to fees: the provider paid it out. */
export function draftSettle(event: WalletEvent & { fee: Money }): EntryDraft {
  const { walletId, provider, amount, fee } = event;
  const held = chart.held(walletId, amount.currency);
  const postings: PostingDraft[] = [{ from: held, to: chart.clearing(provider, amount.currency), amount }];
  if (fee.amountMinor > 0n) postings.push({ from: held, to: chart.fees(amount.currency), amount: fee });
  return draftEntry(event, "settle", postings);
}

/** Wallet held → available: the provider refused for certain. */
export function draftRefund(event: WalletEvent & { fee: Money }): EntryDraft {
  const { walletId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "refund", [
    { from: chart.held(walletId, currency), to: chart.available(walletId, currency), amount: total(event) },
  ]);
}

/** Wallet available → held again: a refunded withdrawal was reported as paid, and waits for an operator. */
export function draftFreeze(event: WalletEvent & { fee: Money }): EntryDraft {
  const { walletId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "freeze", [
    { from: chart.available(walletId, currency), to: chart.held(walletId, currency), amount: total(event) },
  ]);
}

/** Wallet held → available: an operator found that what was frozen had not been paid after all. Undoes a freeze. */
export function draftUnfreeze(event: WalletEvent & { fee: Money }): EntryDraft {
  const { walletId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "unfreeze", [
    { from: chart.held(walletId, currency), to: chart.available(walletId, currency), amount: total(event) },
  ]);
}

/** Clearing (and fees) → wallet available: the provider took a paid withdrawal back. Undoes a settle and its reserve. */
export function draftReversedPayout(event: WalletEvent & { fee: Money }): EntryDraft {
  const { walletId, provider, amount, fee } = event;
  const available = chart.available(walletId, amount.currency);
  const postings: PostingDraft[] = [
    { from: chart.clearing(provider, amount.currency), to: available, amount },
  ];
  if (fee.amountMinor > 0n) postings.push({ from: chart.fees(amount.currency), to: available, amount: fee });
  return draftEntry(event, "refund", postings);
}

interface VaultEvent extends Event {
  walletId: bigint;
  vaultId: bigint;
  amount: Money;
}

/** Wallet available → vault: set apart. */
export function draftVaultDeposit(event: VaultEvent): EntryDraft {
  const { walletId, vaultId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "vault_deposit", [
    { from: chart.available(walletId, currency), to: chart.vault(walletId, currency, vaultId), amount },
  ]);
}

/** Vault → wallet available: taken out. The verb checks the vault's date. */
export function draftVaultWithdrawal(event: VaultEvent): EntryDraft {
  const { walletId, vaultId, amount } = event;
  const { currency } = amount;
  return draftEntry(event, "vault_withdrawal", [
    { from: chart.vault(walletId, currency, vaultId), to: chart.available(walletId, currency), amount },
  ]);
}

function total(event: { amount: Money; fee: Money }): Money {
  return add(event.amount, event.fee);
}
