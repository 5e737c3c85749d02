import { DomainError } from "@/lib/errors";
import { isWalletNumber } from "@/lib/ids";
import { type Context, requireUser } from "../context";
import { shownName } from "../identity/users/shown-name";
import { consume } from "../rate-limits/consume";
import { findOwner } from "./store";

export interface Recipient {
  walletNumber: string;
  /** First name and initial of the last. */
  name: string;
}

/**
 * Whom a wallet number belongs to. Every look-up counts against the user's limit, found or not; a wrong check digit is
 * refused before. Throws `validation_failed`, `rate_limited`, `recipient_is_self`, `recipient_not_found` (also for a
 * frozen owner, who can't be paid).
 */
export async function lookUpRecipient(context: Context, walletNumber: string): Promise<Recipient> {
  const userId = requireUser(context);
  if (!isWalletNumber(walletNumber)) {
    const issues = [{ field: "walletNumber", reason: "wallet_number_invalid" }];
    throw new DomainError("validation_failed", { issues });
  }
  await consume(context.db, "recipient_minute", [userId.toString()]);
  await consume(context.db, "recipient_day", [userId.toString()]);
  const owner = await findOwner(context.db, walletNumber);
  if (owner?.userId === userId) throw new DomainError("recipient_is_self");
  if (!owner || owner.frozenAt !== null) throw new DomainError("recipient_not_found");
  return { walletNumber, name: shownName(owner.firstName, owner.lastName) };
}
