import type { LedgerAccount } from "@/lib/ledger/chart";
import { draftKeptAtClosing, type TontineInType } from "@/lib/ledger/draft-tontine";
import { money } from "@/lib/money/money";
import type { Group } from "../groups/group";
import type { WalletOfMember } from "../groups/store";
import { type Step, toWallet } from "../money/steps";

interface PayOut {
  /** `deposit`, `advance`, `box` or `fund`. */
  what: string;
  type: TontineInType;
  memberId: bigint;
  wallet: WalletOfMember | undefined;
  from: LedgerAccount;
  /** What the wallet takes, and what is kept for the member. */
  takesMinor: bigint;
  keptMinor: bigint;
  occurredAt: Date;
}

/** The entries by which a closing group pays a member something: to the wallet, and what it can't take to what is kept for them. */
export function payOut(group: Group, out: PayOut): Step[] {
  const { what, type, memberId, wallet, from, takesMinor, keptMinor, occurredAt } = out;
  const steps: Step[] = [];
  if (takesMinor > 0n && wallet) {
    const to = { type, walletId: wallet.walletId, memberId, turnId: null, account: from, occurredAt };
    steps.push(toWallet(group, { ...to, amountMinor: takesMinor }));
  }
  if (keptMinor > 0n) {
    const amount = money(keptMinor, group.tontine.currency);
    const draft = draftKeptAtClosing({ tontine: group.accounts, what, memberId, from, amount, occurredAt });
    steps.push({ draft, amountMinor: keptMinor, operation: null, due: null });
  }
  return steps;
}
