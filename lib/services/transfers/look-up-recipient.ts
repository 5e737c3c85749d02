import { DomainError } from "@/lib/errors";
import { homeCountryOf } from "@/lib/phone";
import { type Context, requireUser } from "../context";
import { shownName } from "../identity/users/shown-name";
import { consume } from "../rate-limits/consume";
import { readRecipient } from "./read-recipient";
import { findOwnerByNumber, findOwnerByPhone, findOwnPhone } from "./store";

export interface Recipient {
  walletNumber: string;
  /** First name and initial of the last. */
  name: string;
}

export interface FoundRecipient extends Recipient {
  walletId: bigint;
  userId: bigint;
}

/**
 * Whom a wallet number, or the verified phone number of a person who allows it, belongs to. Every look-up counts against the
 * user's limit, found or not; what is neither number is refused before. Throws `validation_failed`, `rate_limited`,
 * `recipient_is_self`, `recipient_not_found`: the same for a number that nobody has, one that isn't verified, one whose owner
 * doesn't allow it, and a frozen owner, who can't be paid.
 */
export async function lookUpRecipient(context: Context, typed: string): Promise<FoundRecipient> {
  const userId = requireUser(context);
  const meant = readRecipient(typed, homeCountryOf(await findOwnPhone(context.db, userId)));
  if (meant.walletNumber === null && meant.phone === null) {
    const issues = [{ field: "walletNumber", reason: "wallet_number_invalid" }];
    throw new DomainError("validation_failed", { issues });
  }
  await consume(context.db, "recipient_minute", [userId.toString()]);
  await consume(context.db, "recipient_day", [userId.toString()]);
  // A few Ivorian numbers without their plus look like a wallet number too: one that nobody has is read as the phone's.
  const owner =
    (meant.walletNumber === null ? null : await findOwnerByNumber(context.db, meant.walletNumber)) ??
    (meant.phone === null ? null : await findOwnerByPhone(context.db, meant.phone));
  if (owner?.userId === userId) throw new DomainError("recipient_is_self");
  if (!owner || owner.frozenAt !== null) throw new DomainError("recipient_not_found");
  const { walletId, walletNumber, firstName, lastName } = owner;
  return { walletId, walletNumber, userId: owner.userId, name: shownName(firstName, lastName) };
}
