import type { Money } from "@/lib/money/money";
import type { NamedAccount } from "../banks/directory";
import type { MoneyOutLimit } from "../money-out-limits/find-money-out-limit";
import type { QuoteProblem } from "../operations/quote-problem";

/** A withdrawal's quote, as the review page shows it. */
export interface Quote {
  id: string;
  amount: Money;
  fee: Money;
  total: Money;
  /** Negative when the money was spent since the quote was made. */
  balanceAfter: Money;
  method: string;
  /** The method's display name. */
  methodName: string;
  /** E.164; null when it goes to a bank account. */
  phone: string | null;
  /** As the bank named it; null when it goes to a phone. */
  bank: { name: string; accountNumber: string; accountName: string } | null;
  /** Why it can't be confirmed; null when it can. */
  problem: QuoteProblem | null;
  /** What limits the person's money out now; null when nothing does. */
  limit: MoneyOutLimit | null;
  /** This wallet never paid out to this number or account. */
  firstTime: boolean;
  /** The reference of the same sum to the same number or account, minutes ago. */
  repeats: string | null;
  /** The reference of the withdrawal that it was confirmed as, if it was. */
  usedBy: string | null;
}

interface BankColumns {
  bankCode: string | null;
  bankName: string | null;
  accountNumber: string | null;
  accountName: string | null;
}

/** The bank account of a stored withdrawal or quote; null for one that goes to a phone. */
export function bankOf({ bankCode, bankName, accountNumber, accountName }: BankColumns): NamedAccount | null {
  if (bankCode === null || bankName === null || accountNumber === null || accountName === null) return null;
  return { bankCode, bankName, accountNumber, accountName };
}
