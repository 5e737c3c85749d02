import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { consume, giveBack } from "@/lib/services/rate-limits/consume";
import { verifyPassword } from "../users/password";
import { checkPin } from "./check-pin";
import { getPinRecovery, signInStateOf, versionOf } from "./get-pin-status";
import { hashPin, isCheckable } from "./pin-hash";
import { findPin, insertPin, type PinRow, replacePin } from "./store";

export interface SetPin {
  /** Checked by `setPinSchema`. */
  pin: string;
  /** One of the two is needed to change a PIN that is set. */
  currentPin?: string;
  password?: string;
  /** The version that the form was made for: of a double tap only the first does something. */
  version?: string;
}

/**
 * Sets the person's PIN; a right one ends a lock. A PIN that is set is only changed with itself, with the account's
 * password, or, where there is no password, right after signing in. Answers whether it changed anything: false when
 * another tap or tab was faster. Throws `pin_required` without either, what {@link checkPin} throws,
 * `validation_failed` and `rate_limited` for the password, `unauthenticated` for API keys and old sign-ins.
 */
export async function setPin(context: Context, input: SetPin): Promise<{ changed: boolean }> {
  const userId = requirePerson(context);
  const stored = await findPin(context.db, userId);
  if (input.version !== undefined && input.version !== versionOf(stored)) return { changed: false };
  if (stored) await reauthenticate(context, userId, stored, input);
  const hash = await hashPin(input.pin);
  return await inTransaction(context.db, async (tx) => {
    const changed = stored ? await replacePin(tx, stored, hash) : await insertPin(tx, userId, hash);
    const kind = stored ? "pin_changed" : "pin_set";
    if (changed) await recordNotice(tx, { userId, kind, details: {}, key: `pin:${newKey()}` });
    return { changed };
  });
}

async function reauthenticate(
  context: Context,
  userId: bigint,
  stored: PinRow,
  input: SetPin,
): Promise<void> {
  const { currentPin = "", password = "" } = input;
  if (password !== "") return await requirePassword(context, userId, password);
  if (currentPin !== "" && isCheckable(stored.hash)) return await checkPin(context, currentPin, "currentPin");
  const recovery = await getPinRecovery(context);
  if (recovery === "recent_sign_in") return;
  if (recovery === "sign_in_again" && !isCheckable(stored.hash)) throw new DomainError("unauthenticated");
  const field = isCheckable(stored.hash) ? "currentPin" : "password";
  throw new DomainError("pin_required", { issues: [{ field, reason: "required" }] });
}

async function requirePassword(context: Context, userId: bigint, password: string): Promise<void> {
  const key = [userId.toString()];
  await consume(context.db, "pin_password", key);
  const { passwordHash } = await signInStateOf(context);
  if (!(await verifyPassword(passwordHash, password))) {
    throw new DomainError("validation_failed", { issues: [{ field: "password", reason: "password_wrong" }] });
  }
  await giveBack(context.db, "pin_password", key);
}
