import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import type { LimitName } from "@/lib/services/rate-limits/limits";
import { isCommonPassword } from "./common-passwords";
import { createUserWithWallet } from "./create-user";
import { hashPassword } from "./password";
import { ownPhoneOf, type SignUpInput } from "./schema";
import { type Budget, giveTryBack, takeTry } from "./sign-in-limits";

export interface SignedUp {
  userId: bigint;
  walletNumber: string;
}

/** How often the networks of one address may be refused: an IPv4 address or a /64, a /56, a /48. */
const NETWORK_LIMITS: readonly LimitName[] = ["sign_up_address", "sign_up_address_56", "sign_up_address_48"];

/**
 * Makes a user and the wallet. Throws `rate_limited` after ten refusals an hour from one network address, `validation_failed`
 * for a password that is guessed first, and `email_taken`; what succeeds isn't counted. `networks`: the smallest first.
 * That sign-up tells a taken address is a decision: lib/services/identity/README.md, 2026-11-30.
 */
export async function signUp(
  context: Context,
  input: SignUpInput,
  networks: readonly string[],
): Promise<SignedUp> {
  const { phone, phoneCountry, password: _password, ...profile } = input;
  const budgets = refusalBudgets(networks);
  const ownPhone = ownPhoneOf({ phone, phoneCountry });
  const passwordHash = await checkNewPassword(context, { ...input, phone: ownPhone }, networks);
  await takeTry(context, budgets);
  const created = await inTransaction(context.db, (tx) =>
    createUserWithWallet(tx, { ...profile, phone: ownPhone, passwordHash }),
  );
  if (!created) {
    throw new DomainError("email_taken", { issues: [{ field: "email", reason: "email_taken" }] });
  }
  await giveTryBack(context, budgets);
  return { userId: created.user.id, walletNumber: created.walletNumber };
}

export interface CheckedPassword {
  password: string;
  email: string | null;
  /** E.164. */
  phone: string | null;
  firstName: string;
  lastName: string;
}

/** The hash of a password that isn't guessed first. What it refuses is counted, what it accepts isn't. Throws as {@link signUp}. */
export async function checkNewPassword(
  context: Context,
  { password, ...owner }: CheckedPassword,
  networks: readonly string[],
): Promise<string> {
  const budgets = refusalBudgets(networks);
  // Before the estimate and the hash, which are what a try costs.
  await takeTry(context, budgets);
  if (await isCommonPassword(password, owner)) {
    const issues = [{ field: "password", reason: "password_common" }];
    throw new DomainError("validation_failed", { issues });
  }
  const hash = await hashPassword(password);
  await giveTryBack(context, budgets);
  return hash;
}

function refusalBudgets(networks: readonly string[]): Budget[] {
  return NETWORK_LIMITS.slice(0, networks.length).map((name, at) => ({ name, key: [networks[at] ?? ""] }));
}
