import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { checkCode, type Proof, takeProof } from "../codes/check-code";
import { type RequestedCode, requestCode, resendAtOf, resendCode } from "../codes/request-code";
import { findCode } from "../codes/store";
import { getPinRecovery } from "../pin/get-pin-status";
import { confirmOwner, ownerSecretsOf } from "./confirm-owner";
import type { Contact, ContactKind } from "./contact";
import { followReplacement, verifiedValueOf } from "./replace-contact";
import { setVerifiedContact } from "./set-verified-contact";
import { type ContactUserRow, lockContactOwner, lockUserRow, selectContactsOf } from "./store";

const PURPOSE = "verify_contact";

export interface AddContact {
  contact: Contact;
  /** The password or the PIN; not asked for the address that the account signed up with. */
  secret: string;
  networks: readonly string[];
}

function requireAnother(user: ContactUserRow, { kind, value }: Contact): void {
  if (verifiedValueOf(user, kind) !== value) return;
  const issues = [{ field: kind, reason: "contact_verified_already" }];
  throw new DomainError("validation_failed", { issues });
}

/**
 * Sends a code to a number or an address that the signed-in person adds, verifies, or puts in another one's place. Answers the same for one that
 * another account has. Throws `validation_failed` for the one that is verified, `unauthenticated` where somebody without password and PIN
 * replaces one later than right after signing in, and what {@link confirmOwner} and {@link requestCode} throw.
 */
export async function addContact(
  context: Context,
  { contact, secret, networks }: AddContact,
): Promise<RequestedCode> {
  const userId = requirePerson(context);
  const [user] = await selectContactsOf(context.db, [userId]);
  invariant(user, "a signed-in user exists");
  requireAnother(user, contact);
  if (verifiedValueOf(user, contact.kind) !== null) await requireSecretOrRecentSignIn(context, userId);
  if (contact.kind !== "email" || contact.value !== user.email) await confirmOwner(context, userId, secret);
  return await requestCode(context, { purpose: PURPOSE, contact, userId, locale: user.locale, networks });
}

async function requireSecretOrRecentSignIn(context: Context, userId: bigint): Promise<void> {
  const { hasPassword, hasPin } = await ownerSecretsOf(context, userId);
  if (hasPassword || hasPin || (await getPinRecovery(context)) === "recent_sign_in") return;
  throw new DomainError("unauthenticated");
}

export interface AddedContact {
  contact: Contact;
  /** True when the code was right and another account has the contact: a question is open. */
  isProven: boolean;
  resendAt: Date;
}

/** The person's own challenge; null for one that is over, done or somebody else's. */
export async function getAddedContact(context: Context, challengeId: string): Promise<AddedContact | null> {
  const userId = requirePerson(context);
  const code = isUuid(challengeId) ? await findCode(context.db, challengeId) : null;
  if (!code || code.userId !== userId || code.purpose !== PURPOSE || code.usedAt !== null) return null;
  return {
    contact: { kind: code.contactKind, value: code.contact },
    isProven: code.provenAt !== null,
    resendAt: resendAtOf(code),
  };
}

/** Sends the code again. Throws as {@link resendCode} does, and `code_expired` for somebody else's. */
export async function resendContactCode(
  context: Context,
  { challengeId, networks }: { challengeId: string; networks: readonly string[] },
): Promise<void> {
  if ((await getAddedContact(context, challengeId)) === null) throw new DomainError("code_expired");
  await resendCode(context, { challengeId, purpose: PURPOSE, networks });
}

/** `belongs_to_other`: another account has verified the contact; the person says whether it moves. */
export type ContactOutcome = { status: "verified" } | { status: "belongs_to_other" };

/**
 * Verifies a contact of the signed-in person by its code; what follows where it replaces another one stands in `replace-contact.ts`. Throws as
 * {@link checkCode} does.
 */
export async function verifyContact(
  context: Context,
  { challengeId, code }: { challengeId: string; code: string },
): Promise<ContactOutcome> {
  const sessionId = sessionOf(context);
  let outcome: ContactOutcome = { status: "belongs_to_other" };
  await checkCode(context, { challengeId, code, purpose: PURPOSE }, async (tx, proof) => {
    outcome = await setOwn(tx, proof, { isMoved: false, sessionId });
  });
  return outcome;
}

/**
 * Moves a contact that another account has verified, after the right code and as the person asked: the other account keeps its wallet and is told.
 * Throws `code_expired` without a right code of the last quarter of an hour.
 */
export async function moveContactHere(
  context: Context,
  { challengeId }: { challengeId: string },
): Promise<void> {
  const added = await getAddedContact(context, challengeId);
  if (!added?.isProven) throw new DomainError("code_expired");
  const proof = { challengeId, contact: added.contact, userId: requirePerson(context) };
  await inTransaction(context.db, (tx) =>
    setOwn(tx, proof, { isMoved: true, sessionId: sessionOf(context) }),
  );
}

function sessionOf({ actor }: Context): string {
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return actor.sessionId;
}

async function setOwn(
  tx: Transaction,
  { challengeId, contact, userId }: Proof,
  { isMoved, sessionId }: { isMoved: boolean; sessionId: string },
): Promise<ContactOutcome> {
  invariant(userId !== null, "a code to verify a contact is an account's");
  const owner = await lockContactOwner(tx, contact);
  if (owner && owner.id !== userId && !isMoved) return { status: "belongs_to_other" };
  const user = await lockUserRow(tx, userId);
  requireAnother(user, contact);
  const former = verifiedValueOf(user, contact.kind);
  await takeProof(tx, challengeId, PURPOSE);
  await setVerifiedContact(tx, userId, contact);
  if (former !== null) {
    const replaced = { user, former: { kind: contact.kind, value: former }, sessionId, key: challengeId };
    await followReplacement(tx, replaced);
    return { status: "verified" };
  }
  const kind = contact.kind === "phone" ? "phone_added" : "email_added";
  await recordNotice(tx, { userId, kind, details: {}, key: `${kind}:${challengeId}` });
  return { status: "verified" };
}

/** The kind that a path names; null for anything else. */
export function contactKindOf(text: string): ContactKind | null {
  return text === "phone" || text === "email" ? text : null;
}
