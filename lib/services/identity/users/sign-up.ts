import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { consume, giveBack } from "@/lib/services/rate-limits/consume";
import { isCommonPassword } from "./common-passwords";
import { createUserWithWallet } from "./create-user";
import { hashPassword } from "./password";
import { ownPhoneOf, type SignUpInput } from "./schema";

export interface SignedUp {
  userId: bigint;
  walletNumber: string;
}

/**
 * Makes a user and the wallet. Throws `validation_failed` for a password that is guessed first, `email_taken`, and
 * `rate_limited` after ten refusals an hour from one network address; what succeeds isn't counted.
 * That sign-up tells a taken address is a decision: lib/services/identity/README.md, 2026-11-22.
 */
export async function signUp(context: Context, input: SignUpInput, clientAddress: string): Promise<SignedUp> {
  const { password, phone, phoneCountry, ...profile } = input;
  if (await isCommonPassword(password, profile)) {
    const issues = [{ field: "password", reason: "password_common" }];
    throw new DomainError("validation_failed", { issues });
  }
  await consume(context.db, "sign_up_address", [clientAddress]);
  const passwordHash = await hashPassword(password);
  const created = await inTransaction(context.db, (tx) =>
    createUserWithWallet(tx, { ...profile, phone: ownPhoneOf({ phone, phoneCountry }), passwordHash }),
  );
  if (!created) {
    throw new DomainError("email_taken", { issues: [{ field: "email", reason: "email_taken" }] });
  }
  await giveBack(context.db, "sign_up_address", [clientAddress]);
  return { userId: created.user.id, walletNumber: created.walletNumber };
}
