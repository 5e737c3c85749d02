import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { checkSecondStep } from "./check-second-step";
import { RECOVERY_CODES } from "./policy";
import { newRecoveryCode, normaliseRecoveryCode, recoveryHashes } from "./recovery-code";
import { confirmSecret, findTotp, insertRecoveryCodes } from "./store";

/**
 * Switches the second step on with the app's first code. Answers the recovery codes, which nobody can read again. Throws what
 * {@link checkSecondStep} throws, and `second_step_on` when it is on.
 */
export async function confirmTotp(context: Context, code: string): Promise<{ recoveryCodes: string[] }> {
  const userId = requirePerson(context);
  if ((await findTotp(context.db, userId))?.confirmedAt) throw new DomainError("second_step_on");
  await checkSecondStep(context, userId, code);
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await inTransaction(context.db, async (tx) => {
    if (!(await confirmSecret(tx, userId, context.now))) throw new DomainError("second_step_on");
    await insertRecoveryCodes(tx, userId, recoveryCodes.map(newestHash));
    const key = `totp-enabled:${context.requestId}`;
    await recordNotice(tx, { userId, kind: "totp_enabled", details: {}, key });
  });
  return { recoveryCodes };
}

function newestHash(code: string): Buffer {
  const [hash] = recoveryHashes(normaliseRecoveryCode(code) ?? "");
  invariant(hash, "there is a secret");
  return hash;
}
