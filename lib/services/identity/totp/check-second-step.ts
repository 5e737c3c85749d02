import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { consume, giveBack } from "@/lib/services/rate-limits/consume";
import { stepOfCode } from "./one-time-code";
import { normaliseRecoveryCode, recoveryHashes } from "./recovery-code";
import { openSecret } from "./sealed-secret";
import { findTotp, takeRecoveryCode, takeStep } from "./store";

/**
 * The second step of a sign-in by password, and of switching the second step off: resolves when `typed` is the app's present code or an
 * unused recovery code of the user, and uses it up. Each try is counted before it is compared. Throws `validation_failed` with an issue on
 * `code`, and `rate_limited` after five wrong ones in a quarter of an hour or thirty in a day.
 */
export async function checkSecondStep(context: Context, userId: bigint, typed: string): Promise<void> {
  const code = typed.replace(/\s/g, "");
  if (code === "") throw wrong("required");
  const key = [userId.toString()];
  await consume(context.db, "second_step", key);
  await consume(context.db, "second_step_day", key);
  if (!(await isRight(context, userId, code))) throw wrong("second_step_wrong");
  await giveBack(context.db, "second_step", key);
  await giveBack(context.db, "second_step_day", key);
}

function wrong(reason: string): DomainError {
  return new DomainError("validation_failed", { issues: [{ field: "code", reason }] });
}

async function isRight(context: Context, userId: bigint, code: string): Promise<boolean> {
  const { db, now } = context;
  const recovery = normaliseRecoveryCode(code);
  if (recovery !== null) {
    return await inTransaction(db, (tx) => takeRecoveryCode(tx, userId, recoveryHashes(recovery), now));
  }
  const row = await findTotp(db, userId);
  const secret = row === null ? null : openSecret(userId, row.secret);
  const step = secret === null ? null : stepOfCode(secret, code, now);
  return step !== null && (await inTransaction(db, (tx) => takeStep(tx, userId, step)));
}
