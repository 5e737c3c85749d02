import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { PhoneCountry } from "@/lib/phone";
import type { Context } from "@/lib/services/context";
import { requestCode } from "../codes/request-code";
import { findContactOwner } from "../contacts/store";
import { readIdentifier } from "../users/read-identifier";
import { insertRecovery } from "./store";

export interface StartRecovery {
  /** An e-mail address or a phone number, as typed; one without calling code is local to `phoneCountry`. */
  identifier: string;
  phoneCountry: PhoneCountry;
  locale: "fr" | "en";
  /** The caller's, the smallest first. */
  networks: readonly string[];
}

/**
 * Begins the recovery of a forgotten password: sends a code to the contact if an account has verified it. Answers the same, after the same
 * work, for one that nobody has. Throws `validation_failed` for what is neither, `rate_limited`, and `method_unavailable` where nothing sends codes to such a contact.
 */
export async function startRecovery(
  context: Context,
  { identifier, phoneCountry, locale, networks }: StartRecovery,
): Promise<{ recoveryId: string }> {
  const contact = readIdentifier(identifier, phoneCountry);
  if (contact === null) {
    const issues = [{ field: "identifier", reason: "identifier_invalid" }];
    throw new DomainError("validation_failed", { issues });
  }
  const owner = await findContactOwner(context.db, contact);
  const userId = owner && owner.frozenAt === null ? owner.id : null;
  const { challengeId } = await requestCode(context, {
    purpose: "recover_password",
    contact,
    userId,
    locale,
    networks,
  });
  const recoveryId = newKey();
  const { kind, value } = contact;
  await inTransaction(context.db, (tx) =>
    insertRecovery(tx, { id: recoveryId, userId, contactKind: kind, contact: value, codeId: challengeId }),
  );
  return { recoveryId };
}
