import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { requirePassword } from "../users/require-password";
import { checkSecondStep } from "./check-second-step";
import { deleteTotp, findTotp } from "./store";

/**
 * Switches the second step off, which takes the password and a code. Throws what `requirePassword` and {@link checkSecondStep} throw, and
 * `not_found` when it is off.
 */
export async function disableTotp(
  context: Context,
  { password, code }: { password: string; code: string },
): Promise<void> {
  const userId = requirePerson(context);
  if (!(await findTotp(context.db, userId))?.confirmedAt) throw new DomainError("not_found");
  await requirePassword(context, userId, password);
  await checkSecondStep(context, userId, code);
  await inTransaction(context.db, async (tx) => {
    if (!(await deleteTotp(tx, userId))) throw new DomainError("not_found");
    const key = `totp-disabled:${context.requestId}`;
    await recordNotice(tx, { userId, kind: "totp_disabled", details: {}, key });
  });
}
