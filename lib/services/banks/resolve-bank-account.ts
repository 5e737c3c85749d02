import { DomainError } from "@/lib/errors";
import { type Context, requireUser } from "../context";
import { consume } from "../rate-limits/consume";
import { checkAccount, type TypedAccount } from "./check-account";
import { bankPayoutProvider, lookUpAccountHolder, type NamedAccount } from "./directory";

/**
 * Looks up the holder's name of a bank account, to be shown before anything is sent. Names are personal data: look-ups are
 * limited per person.
 * Throws `validation_failed` (issues on bankCode, accountNumber), `rate_limited`, `invalid_destination` for an account
 * that doesn't exist, `method_unavailable`, `provider_unavailable`.
 */
export async function resolveBankAccount(context: Context, typed: TypedAccount): Promise<NamedAccount> {
  const userId = requireUser(context);
  const { account, issues } = checkAccount(typed);
  if (issues.length > 0) throw new DomainError("validation_failed", { issues });
  const provider = bankPayoutProvider();
  await limitHolderLookUps(context, userId);
  return await lookUpAccountHolder(provider, account);
}

/** Counts one look-up of a name. Throws `rate_limited`. */
export async function limitHolderLookUps(context: Context, userId: bigint): Promise<void> {
  await consume(context.db, "bank_account_name", [userId.toString()]);
}
