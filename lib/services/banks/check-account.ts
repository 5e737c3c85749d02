import type { FieldIssue } from "@/lib/errors";
import { stripInvisible } from "@/lib/text";

/** A bank account as a person typed it. */
export interface TypedAccount {
  bankCode: string;
  accountNumber: string;
}

/** Nigeria's NUBAN (Central Bank of Nigeria, 2011). */
const ACCOUNT_NUMBER = /^[0-9]{10}$/;
const BANK_CODE = /^[0-9A-Za-z]{2,12}$/;

/** The account without separators, and its issues as far as they show without a look-up. */
export function checkAccount(typed: TypedAccount): { account: TypedAccount; issues: FieldIssue[] } {
  const account = {
    bankCode: typed.bankCode.trim(),
    accountNumber: stripInvisible(typed.accountNumber).replace(/[\s.\-\u2010-\u2015]/g, ""),
  };
  const issues: FieldIssue[] = [];
  if (account.bankCode === "") issues.push({ field: "bankCode", reason: "bank_required" });
  else if (!BANK_CODE.test(account.bankCode)) issues.push({ field: "bankCode", reason: "bank_unknown" });
  if (!ACCOUNT_NUMBER.test(account.accountNumber)) {
    issues.push({ field: "accountNumber", reason: "account_number_invalid" });
  }
  return { account, issues };
}
