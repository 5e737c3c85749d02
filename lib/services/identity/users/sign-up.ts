import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { consume } from "@/lib/services/rate-limits/consume";
import { createUserWithWallet } from "./create-user";
import { hashPassword } from "./password";
import { ownPhoneOf, type SignUpInput } from "./schema";

export interface SignedUp {
  userId: bigint;
  walletNumber: string;
}

/**
 * Makes a user and the wallet. Throws `email_taken`, or `rate_limited` after ten tries an hour from one network
 * address. That sign-up tells a taken address is a decision: lib/services/identity/README.md, 2026-11-22.
 */
export async function signUp(context: Context, input: SignUpInput, clientAddress: string): Promise<SignedUp> {
  await consume(context.db, "sign_up_address", [clientAddress]);
  const { password, phone, phoneCountry, ...profile } = input;
  const passwordHash = await hashPassword(password);
  const created = await inTransaction(context.db, (tx) =>
    createUserWithWallet(tx, { ...profile, phone: ownPhoneOf({ phone, phoneCountry }), passwordHash }),
  );
  if (!created) {
    throw new DomainError("email_taken", { issues: [{ field: "email", reason: "email_taken" }] });
  }
  return { userId: created.user.id, walletNumber: created.walletNumber };
}
