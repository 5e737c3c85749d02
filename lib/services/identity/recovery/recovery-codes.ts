import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { checkCode } from "../codes/check-code";
import { type RequestedCode, requestCode, resendCode } from "../codes/request-code";
import { otherContactOf, requireOpen, requireProven } from "./get-recovery";
import { markOtherProven, markRecoveryProven, setCode, setOtherCode } from "./store";

const PURPOSE = "recover_password";

interface TypedCode {
  recoveryId: string;
  code: string;
}

interface Resend {
  recoveryId: string;
  /** The caller's, the smallest first. */
  networks: readonly string[];
}

/** Notes that the code to the first contact was right. Throws `code_wrong`, `code_expired`. */
export async function checkRecoveryCode(context: Context, { recoveryId, code }: TypedCode): Promise<void> {
  const recovery = await requireOpen(context.db, recoveryId);
  // A double tap: what comes next is asked all the same.
  if (recovery.provenAt !== null) return;
  await checkCode(context, { challengeId: recovery.codeId, code, purpose: PURPOSE }, async (tx) => {
    await markRecoveryProven(tx, recoveryId);
  });
}

/** Sends the first code again, or a new one where that one is over. Throws `rate_limited`, and `code_expired` for a recovery that is over. */
export async function resendRecoveryCode(
  context: Context,
  { recoveryId, networks, locale }: Resend & { locale: "fr" | "en" },
): Promise<void> {
  const recovery = await requireOpen(context.db, recoveryId);
  if (recovery.provenAt !== null) return;
  try {
    await resendCode(context, { challengeId: recovery.codeId, purpose: PURPOSE, networks });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "code_expired") throw error;
    const contact = { kind: recovery.contactKind, value: recovery.contact };
    const request = { purpose: PURPOSE, contact, userId: recovery.userId, locale, networks } as const;
    const { challengeId } = await requestCode(context, request);
    await inTransaction(context.db, (tx) => setCode(tx, recoveryId, challengeId));
  }
}

/** Sends a code to the account's other verified contact, after the first was right. Throws `not_found` without one, and as above. */
export async function sendOtherCode(
  context: Context,
  { recoveryId, networks }: Resend,
): Promise<RequestedCode> {
  const { recovery, found } = await requireProven(context.db, recoveryId);
  const contact = otherContactOf(recovery, found.user);
  if (!contact) throw new DomainError("not_found");
  const { id: userId, locale } = found.user;
  const requested = await requestCode(context, { purpose: PURPOSE, contact, userId, locale, networks });
  await inTransaction(context.db, (tx) => setOtherCode(tx, recoveryId, requested.challengeId));
  return requested;
}

/** Notes that the code to the other contact was right. Throws `code_wrong`, `code_expired`. */
export async function checkOtherCode(context: Context, { recoveryId, code }: TypedCode): Promise<void> {
  const { recovery } = await requireProven(context.db, recoveryId);
  if (recovery.otherProvenAt !== null) return;
  if (recovery.otherCodeId === null) throw new DomainError("code_expired");
  await checkCode(context, { challengeId: recovery.otherCodeId, code, purpose: PURPOSE }, async (tx) => {
    await markOtherProven(tx, recoveryId);
  });
}
