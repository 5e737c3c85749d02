import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { requirePassword } from "../users/require-password";
import { newSecret } from "./one-time-code";
import { sealSecret } from "./sealed-secret";
import { saveSecret } from "./store";

/**
 * Makes a secret for the person's authenticator app; nothing is asked for it until `confirmTotp`. For accounts with a password, which it takes.
 * Throws what `requirePassword` throws, and `second_step_on` when one is in use.
 */
export async function startTotp(context: Context, password: string): Promise<void> {
  const userId = requirePerson(context);
  await requirePassword(context, userId, password);
  const isSaved = await inTransaction(context.db, (tx) =>
    saveSecret(tx, userId, sealSecret(userId, newSecret())),
  );
  if (!isSaved) throw new DomainError("second_step_on");
}
