import { normaliseEmail } from "@/lib/email";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { verifyPassword } from "./password";
import type { SignInInput } from "./schema";
import { budgetsOf, giveTryBack, type SignInOrigin, takeTry } from "./sign-in-limits";
import { findUserByEmail } from "./store";

export interface Authenticated {
  userId: bigint;
}

/**
 * Whose e-mail address and password these are. Throws `invalid_credentials`, the same after the same work, for an
 * unknown address, a wrong password, an account without one and a frozen one; `rate_limited` as `sign-in-limits.ts` says:
 * after five wrong tries for an address from one network, ten from anywhere, with waits that grow.
 */
export async function authenticate(
  context: Context,
  input: SignInInput,
  origin: SignInOrigin,
): Promise<Authenticated> {
  const email = normaliseEmail(input.email);
  const user = email === null ? null : await findUserByEmail(context.db, email);
  const budgets = budgetsOf(email ?? input.email.toLowerCase(), user?.id ?? null, origin);
  await takeTry(context, budgets);
  const isRight = await verifyPassword(user?.passwordHash ?? null, input.password);
  if (!user || !isRight || user.frozenAt !== null) throw new DomainError("invalid_credentials");
  await giveTryBack(context, budgets);
  return { userId: user.id };
}
