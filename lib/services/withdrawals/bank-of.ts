import type { NamedAccount } from "../banks/directory";

interface BankColumns {
  bankCode: string | null;
  bankName: string | null;
  accountNumber: string | null;
  accountName: string | null;
}

/** The bank account of a stored withdrawal or quote; null for one that goes to a phone. All four columns or none. */
export function bankOf({ bankCode, bankName, accountNumber, accountName }: BankColumns): NamedAccount | null {
  if (bankCode === null || bankName === null || accountNumber === null || accountName === null) return null;
  return { bankCode, bankName, accountNumber, accountName };
}
