import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import type { Contact, ContactKind } from "../contacts/contact";
import { isCheckable } from "../pin/pin-hash";
import { findPin } from "../pin/store";
import { passwordMinOf } from "../users/require-good-password";
import type { KnownDevice } from "../users/sign-in-limits";
import { type Evidence, verdictOf, WEAK_RECOVERY_STOP_HOURS } from "./policy";
import { findRecoveredUser, findRecovery, type RecoveredUser, type RecoveryRow } from "./store";

/** A recovery as its own browser sees it before the first code was right: nothing of the account. */
export interface OpenRecovery {
  status: "code";
  contact: Contact;
}

/** What is asked beside the new password. */
export interface ProvenRecovery {
  status: "password";
  firstName: string;
  /** Shown before anything is asked: nothing more is, or what would do. */
  isEnough: boolean;
  /** The PIN would do. */
  takesPin: boolean;
  pinLockedUntil: Date | null;
  /** The other contact, to which a code would do; null without one. */
  other: { kind: ContactKind; isSent: boolean } | null;
  /** The new password alone would do, and money out stops for `stopHours`. */
  takesNothing: boolean;
  stopHours: number;
  passwordMin: number;
}

/** Null for a recovery that is over, was used, or never began. */
export async function getRecovery(
  context: Context,
  recoveryId: string,
  device: KnownDevice | null,
): Promise<OpenRecovery | ProvenRecovery | null> {
  const recovery = isUuid(recoveryId) ? await findRecovery(context.db, recoveryId) : null;
  if (!recovery || recovery.usedAt !== null) return null;
  if (recovery.provenAt === null) {
    return { status: "code", contact: { kind: recovery.contactKind, value: recovery.contact } };
  }
  const found = await findUserOf(context.db, recovery);
  const pin = await findPin(context.db, found.user.id);
  const other = otherContactOf(recovery, found.user);
  const pinLockedUntil = pin?.lockedUntil && pin.lockedUntil > context.now ? pin.lockedUntil : null;
  return {
    status: "password",
    firstName: found.user.firstName,
    isEnough: isKnown(device, found.user.id) || recovery.otherProvenAt !== null,
    takesPin: pin !== null && isCheckable(pin.hash) && pinLockedUntil === null,
    pinLockedUntil,
    other: other && { kind: other.kind, isSent: recovery.otherCodeId !== null },
    takesNothing: verdictFor("none", recovery, found) !== "refused",
    stopHours: WEAK_RECOVERY_STOP_HOURS,
    passwordMin: passwordMinOf(found.user),
  };
}

export function isKnown(device: KnownDevice | null, userId: bigint): boolean {
  return device?.userIds.includes(userId) === true;
}

export function verdictFor(evidence: Evidence, recovery: RecoveryRow, { user, isPhoneStale }: RecoveredUser) {
  const hasOtherContact = otherContactOf(recovery, user) !== null;
  return verdictOf(evidence, { firstContact: recovery.contactKind, hasOtherContact, isPhoneStale });
}

/** The account's verified contact of the other kind. */
export function otherContactOf({ contactKind }: RecoveryRow, user: RecoveredUser["user"]): Contact | null {
  if (contactKind === "phone") {
    return user.email !== null && user.emailVerifiedAt !== null ? { kind: "email", value: user.email } : null;
  }
  return user.phone !== null && user.phoneVerifiedAt !== null ? { kind: "phone", value: user.phone } : null;
}

/** A recovery that isn't over and wasn't used. Throws `code_expired`. */
export async function requireOpen(reader: Reader, recoveryId: string): Promise<RecoveryRow> {
  const recovery = isUuid(recoveryId) ? await findRecovery(reader, recoveryId) : null;
  if (!recovery || recovery.usedAt !== null) throw new DomainError("code_expired");
  return recovery;
}

/** A recovery whose first code was right, with its account. Throws `code_expired`. */
export async function requireProven(
  reader: Reader,
  recoveryId: string,
): Promise<{ recovery: RecoveryRow; found: RecoveredUser }> {
  const recovery = await requireOpen(reader, recoveryId);
  if (recovery.provenAt === null) throw new DomainError("code_expired");
  return { recovery, found: await findUserOf(reader, recovery) };
}

/** The account still has the contact: it may have moved to another one since. Throws `code_expired`. */
export async function findUserOf(reader: Reader, recovery: RecoveryRow): Promise<RecoveredUser> {
  const found = recovery.userId === null ? null : await findRecoveredUser(reader, recovery.userId);
  if (!found || found.user.frozenAt !== null || !hasContact(found.user, recovery)) {
    throw new DomainError("code_expired");
  }
  return found;
}

export function hasContact(user: RecoveredUser["user"], { contactKind, contact }: RecoveryRow): boolean {
  return contactKind === "phone"
    ? user.phone === contact && user.phoneVerifiedAt !== null
    : user.email === contact && user.emailVerifiedAt !== null;
}
