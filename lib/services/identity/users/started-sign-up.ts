import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { requestCode, resendAtOf, resendCode } from "../codes/request-code";
import { findCode } from "../codes/store";
import type { Contact, ContactKind } from "../contacts/contact";
import { findStartedSignUp, type StartedSignUpRow, updateStartedSignUp } from "./sign-up-store";

/** A started sign-up as its own browser sees it. */
export interface StartedSignUp {
  contact: Contact;
  firstName: string;
  lastName: string;
  /** Typed beside the phone number. */
  email: string | null;
  /** True when the code was right and the contact belongs to an older account: a question is open. */
  isProven: boolean;
  resendAt: Date;
}

/** Null for a sign-up that is over, was finished, or never began. */
export async function getStartedSignUp(context: Context, signUpId: string): Promise<StartedSignUp | null> {
  const started = isUuid(signUpId) ? await findStartedSignUp(context.db, signUpId) : null;
  if (!started || started.userId !== null) return null;
  const code = await findCode(context.db, started.codeId);
  const { firstName, lastName, email } = started;
  return {
    contact: contactOf(started),
    firstName,
    lastName,
    email,
    isProven: code !== null && code.provenAt !== null,
    resendAt: code === null ? context.now : resendAtOf(code),
  };
}

/**
 * Sends the code of a sign-up again, or a new one where that one is over. Throws `rate_limited` within a minute and by the limits of codes, and
 * `code_expired` for a sign-up that is over.
 */
export async function resendSignUpCode(
  context: Context,
  { signUpId, networks }: { signUpId: string; networks: readonly string[] },
): Promise<void> {
  const started = await requireOpen(context, signUpId);
  try {
    await resendCode(context, { challengeId: started.codeId, purpose: "sign_up", networks });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "code_expired") throw error;
    await sendTo(context, started, contactOf(started), networks);
  }
}

/** Goes on with an e-mail address where the SMS doesn't come: the account will have that one verified, and not the number. Throws as above. */
export async function continueSignUpByEmail(
  context: Context,
  { signUpId, email, networks }: { signUpId: string; email: string; networks: readonly string[] },
): Promise<void> {
  const started = await requireOpen(context, signUpId);
  await sendTo(context, started, { kind: "email", value: email }, networks);
}

async function sendTo(
  context: Context,
  started: StartedSignUpRow,
  contact: Contact,
  networks: readonly string[],
): Promise<void> {
  const code = { purpose: "sign_up", contact, userId: null, locale: started.locale, networks } as const;
  const { challengeId } = await requestCode(context, code);
  const { kind, value }: { kind: ContactKind; value: string } = contact;
  const changes = { codeId: challengeId, contactKind: kind, contact: value };
  await inTransaction(context.db, (tx) => updateStartedSignUp(tx, started.id, changes));
}

async function requireOpen(context: Context, signUpId: string): Promise<StartedSignUpRow> {
  const started = isUuid(signUpId) ? await findStartedSignUp(context.db, signUpId) : null;
  if (!started || started.userId !== null) throw new DomainError("code_expired");
  return started;
}

function contactOf(started: StartedSignUpRow): Contact {
  return { kind: started.contactKind, value: started.contact };
}
