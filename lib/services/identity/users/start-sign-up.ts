import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { PhoneCountry } from "@/lib/phone";
import type { Context } from "@/lib/services/context";
import { requestCode } from "../codes/request-code";
import type { Contact } from "../contacts/contact";
import { findContactOwner } from "../contacts/store";
import { ownPhoneOf } from "./schema";
import { type CheckedPassword, checkNewPassword } from "./sign-up";
import { insertStartedSignUp } from "./sign-up-store";

export interface StartSignUp extends Omit<CheckedPassword, "phone"> {
  phone: string;
  phoneCountry: PhoneCountry;
  locale: "fr" | "en";
}

/**
 * Keeps a sign-up and sends a code to its phone number; nothing is made before the code is right. Answers the same for a number that
 * an account has. Throws `validation_failed` for a password that is guessed first, and `rate_limited`.
 */
export async function startSignUp(
  context: Context,
  input: StartSignUp,
  networks: readonly string[],
): Promise<{ signUpId: string }> {
  const phone = ownPhoneOf(input);
  if (phone === null) throw missing("phone");
  return await start(context, input, { kind: "phone", value: phone }, networks);
}

/**
 * The same with an e-mail address that an account claims without having verified it: who has the address proves it and gets an account; the other one
 * keeps its own. Throws `email_taken` where the address was verified.
 */
export async function startSignUpByEmail(
  context: Context,
  input: StartSignUp,
  networks: readonly string[],
): Promise<{ signUpId: string }> {
  if (input.email === null) throw missing("email");
  const contact = { kind: "email", value: input.email } as const;
  if (await findContactOwner(context.db, contact))
    throw new DomainError("email_taken", { issues: [{ field: "email", reason: "email_taken" }] });
  return await start(context, { ...input, email: null }, contact, networks);
}

async function start(
  context: Context,
  input: StartSignUp,
  contact: Contact,
  networks: readonly string[],
): Promise<{ signUpId: string }> {
  const { firstName, lastName, email, locale } = input;
  const passwordHash = await checkNewPassword(context, { ...input, phone: ownPhoneOf(input) }, networks);
  const code = { purpose: "sign_up", contact, userId: null, locale, networks } as const;
  const { challengeId } = await requestCode(context, code);
  const signUpId = newKey();
  const { kind, value } = contact;
  const names = { firstName, lastName, passwordHash, email, locale };
  const row = { id: signUpId, codeId: challengeId, contactKind: kind, contact: value, ...names };
  await inTransaction(context.db, (tx) => insertStartedSignUp(tx, row));
  return { signUpId };
}

function missing(field: string): DomainError {
  return new DomainError("validation_failed", { issues: [{ field, reason: "required" }] });
}
