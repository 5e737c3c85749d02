import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { revokeAllAccess } from "@/lib/services/access-revocation/revoke-access";
import type { Context } from "@/lib/services/context";
import { limitMoneyOut, stopMoneyOut } from "@/lib/services/money-out-limits/limit-money-out";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { takeProof } from "../codes/check-code";
import { checkPinOf } from "../pin/check-pin";
import { endOpenReset } from "../pin/resets/store";
import { hashPassword, verifyPassword } from "../users/password";
import { requireGoodPassword } from "../users/require-good-password";
import type { KnownDevice } from "../users/sign-in-limits";
import { findUserById, updateUser } from "../users/store";
import { hasContact, isKnown, requireProven, verdictFor } from "./get-recovery";
import { type Evidence, WEAK_RECOVERY_STOP_HOURS } from "./policy";
import { findRecovery, lockUser, markRecoveryUsed, type RecoveredUser, type RecoveryRow } from "./store";

export interface FinishRecovery {
  recoveryId: string;
  /** Checked by `newPasswordSchema`. */
  password: string;
  /** Empty where another way is taken. */
  pin: string;
  device: KnownDevice | null;
}

export interface RecoveredPassword {
  userId: bigint;
  /** The number or address that it was recovered with: what the person signs in with. */
  identifier: string;
  /** True when nothing goes out for some days. */
  isStopped: boolean;
}

/**
 * Replaces a forgotten password after the code to one contact and, as `policy.ts` says, a device that the owner used before, a code to the
 * other contact, or the PIN. All sessions, tokens and API keys end, money out is limited or stops for a time, and every verified address is
 * told. The PIN stays what it is. The same form sent twice answers the same. Throws `recovery_evidence_required` when more is asked,
 * `validation_failed` for a password that is guessed first, what {@link checkPinOf} throws, and `code_expired`.
 */
export async function finishRecovery(context: Context, input: FinishRecovery): Promise<RecoveredPassword> {
  const replayed = await findReplay(context, input);
  if (replayed) return replayed;
  const { recovery, found } = await requireProven(context.db, input.recoveryId);
  const { user } = found;
  await requireGoodPassword(user, input.password);
  const evidence = await evidenceOf(context, input, recovery, user.id);
  const verdict = verdictFor(evidence, recovery, found);
  if (verdict === "refused") throw new DomainError("recovery_evidence_required");
  const passwordHash = await hashPassword(input.password);
  const isStopped = verdict === "stopped";
  await inTransaction(context.db, (tx) => replacePassword(tx, recovery, { user, passwordHash, isStopped }));
  return { userId: user.id, identifier: recovery.contact, isStopped };
}

/** The second tap of a double tap: the password is the one that the first set. */
async function findReplay(context: Context, { recoveryId, password }: FinishRecovery) {
  const recovery = isUuid(recoveryId) ? await findRecovery(context.db, recoveryId) : null;
  if (!recovery?.usedAt || recovery.userId === null) return null;
  const user = await findUserById(context.db, recovery.userId);
  const isSame = await verifyPassword(user?.passwordHash ?? null, password);
  return isSame ? { userId: recovery.userId, identifier: recovery.contact, isStopped: false } : null;
}

async function evidenceOf(
  context: Context,
  { pin, device }: FinishRecovery,
  recovery: RecoveryRow,
  userId: bigint,
): Promise<Evidence> {
  if (isKnown(device, userId)) return "device";
  if (recovery.otherProvenAt !== null) return "other_code";
  if (pin === "") return "none";
  await checkPinOf(context, userId, pin);
  return "pin";
}

async function replacePassword(
  tx: Transaction,
  recovery: RecoveryRow,
  {
    user,
    passwordHash,
    isStopped,
  }: { user: RecoveredUser["user"]; passwordHash: string; isStopped: boolean },
): Promise<void> {
  const { id: userId } = user;
  // Serializes with sign-ins, new keys and changes of contacts of the same user.
  const locked = await lockUser(tx, userId);
  if (!locked || locked.frozenAt !== null || !hasContact(locked, recovery))
    throw new DomainError("code_expired");
  if (!(await markRecoveryUsed(tx, recovery.id))) throw new DomainError("code_expired");
  await takeProof(tx, recovery.codeId, "recover_password");
  await updateUser(tx, userId, { passwordHash });
  await revokeAllAccess(tx, userId);
  // Whoever knew the former password may have begun it. What it stops stays stopped.
  await endOpenReset(tx, userId, "cancelled");
  if (isStopped)
    await stopMoneyOut(tx, userId, { cause: "password_recovered", hours: WEAK_RECOVERY_STOP_HOURS });
  else await limitMoneyOut(tx, userId, "password_recovered");
  const key = `password_recovered:${recovery.id}`;
  await recordNotice(tx, { userId, kind: "password_recovered", details: {}, key });
}
