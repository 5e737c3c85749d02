import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { InvariantError } from "@/lib/invariant";
import type { Context } from "@/lib/services/context";
import { checkCode, isRightAgain, takeProof } from "../codes/check-code";
import type { Contact } from "../contacts/contact";
import { moveContactAway } from "../contacts/set-verified-contact";
import { lockContactOwner } from "../contacts/store";
import { createUserWithWallet, type NewUser } from "./create-user";
import { findStartedSignUp, finishStartedSignUp, type StartedSignUpRow } from "./sign-up-store";
import { findUserByEmail } from "./store";

/** `belongs_to_other`: an account that exists has verified the contact; the person says what they want. */
export type SignUpOutcome = { status: "signed_up"; userId: bigint } | { status: "belongs_to_other" };

/**
 * Makes the account of a started sign-up when its code is right; the same code again answers the same account. Throws as {@link checkCode}
 * does, and `code_expired` for a sign-up that is over.
 */
export async function finishSignUp(
  context: Context,
  { signUpId, code }: { signUpId: string; code: string },
): Promise<SignUpOutcome> {
  const started = await requireStarted(context, signUpId);
  const typed = { challengeId: started.codeId, code, purpose: "sign_up" } as const;
  if (started.userId !== null) {
    if (await isRightAgain(context, typed)) return { status: "signed_up", userId: started.userId };
    throw new DomainError("code_expired");
  }
  let outcome: SignUpOutcome = { status: "belongs_to_other" };
  // In the transaction that notes the right code: a crash leaves both or neither.
  await checkCode(context, typed, async (tx) => {
    outcome = await makeAccount(tx, context, started, { isMoved: false });
  });
  return outcome;
}

/**
 * Makes the account although another one has the contact, as its owner asked after the right code: the other account loses the contact, keeps
 * its wallet, and is told. Throws `code_expired` without a right code of the last quarter of an hour.
 */
export async function finishSignUpWithMove(
  context: Context,
  { signUpId }: { signUpId: string },
): Promise<SignUpOutcome> {
  const started = await requireStarted(context, signUpId);
  if (started.userId !== null) throw new DomainError("code_expired");
  return await inTransaction(context.db, (tx) => makeAccount(tx, context, started, { isMoved: true }));
}

async function requireStarted(context: Context, signUpId: string): Promise<StartedSignUpRow> {
  const started = isUuid(signUpId) ? await findStartedSignUp(context.db, signUpId) : null;
  if (!started) throw new DomainError("code_expired");
  return started;
}

async function makeAccount(
  tx: Transaction,
  context: Context,
  started: StartedSignUpRow,
  { isMoved }: { isMoved: boolean },
): Promise<SignUpOutcome> {
  const contact: Contact = { kind: started.contactKind, value: started.contact };
  const owner = await lockContactOwner(tx, contact);
  if (owner && !isMoved) return { status: "belongs_to_other" };
  const proof = await takeProof(tx, started.codeId, "sign_up");
  if (proof.contact.value !== contact.value) throw new DomainError("code_expired");
  if (owner) await moveContactAway(tx, owner.id, contact);
  const { user } = await createVerifiedUser(tx, context, started);
  await finishStartedSignUp(tx, started.id, user.id);
  return { status: "signed_up", userId: user.id };
}

async function createVerifiedUser(
  tx: Transaction,
  context: Context,
  started: StartedSignUpRow,
): Promise<NewUser> {
  const { firstName, lastName, passwordHash, locale, contact } = started;
  const named = { firstName, lastName, passwordHash, locale };
  const verified =
    started.contactKind === "phone"
      ? { phone: contact, phoneVerifiedAt: context.now }
      : { email: contact, emailVerifiedAt: context.now };
  const claim = await freeClaim(tx, started);
  const created =
    (claim !== null && (await createUserWithWallet(tx, { ...named, ...verified, email: claim }))) ||
    (await createUserWithWallet(tx, { ...named, ...verified }));
  if (!created) throw new InvariantError("a contact that nobody has made no account");
  return created;
}

/** The address typed beside the number, unless an account has it: then it is left out and nobody is told so. */
async function freeClaim(tx: Transaction, { contactKind, email }: StartedSignUpRow): Promise<string | null> {
  if (contactKind !== "phone" || email === null) return null;
  return (await findUserByEmail(tx, email)) ? null : email;
}
