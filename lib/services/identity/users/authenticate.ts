import { normaliseEmail } from "@/lib/email";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { consume, giveBack } from "@/lib/services/rate-limits/consume";
import { verifyPassword } from "./password";
import type { SignInInput } from "./schema";
import { findUserByEmail } from "./store";

export interface Authenticated {
  userId: bigint;
}

/**
 * Whose e-mail address and password these are. Throws `invalid_credentials`, the same after the same work, for an
 * unknown address, a wrong password, an account without one and a frozen one; `rate_limited` after five wrong tries
 * for an address from one network address, or twenty from there, in a quarter of an hour.
 */
export async function authenticate(
  context: Context,
  input: SignInInput,
  clientAddress: string,
): Promise<Authenticated> {
  const email = normaliseEmail(input.email);
  const emailKey = [email ?? input.email.toLowerCase(), clientAddress];
  await takeTry(context, emailKey, clientAddress);
  const user = email === null ? null : await findUserByEmail(context.db, email);
  const isRight = await verifyPassword(user?.passwordHash ?? null, input.password);
  if (!user || !isRight || user.frozenAt !== null) throw new DomainError("invalid_credentials");
  await giveBack(context.db, "sign_in_email", emailKey);
  await giveBack(context.db, "sign_in_address", [clientAddress]);
  return { userId: user.id };
}

/** Counted before the password is looked at, so that parallel guesses can't slip through together. */
async function takeTry(context: Context, emailKey: string[], clientAddress: string): Promise<void> {
  await consume(context.db, "sign_in_email", emailKey);
  try {
    await consume(context.db, "sign_in_address", [clientAddress]);
  } catch (refusal) {
    // Nothing was tried for this e-mail address.
    await giveBack(context.db, "sign_in_email", emailKey);
    throw refusal;
  }
}
