import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { type Context, requirePerson } from "@/lib/services/context";
import { limitMoneyOut } from "@/lib/services/money-out-limits/limit-money-out";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { checkPin } from "./check-pin";
import { versionOf } from "./get-pin-status";
import { hashPin, isCheckable } from "./pin-hash";
import { undoReset } from "./resets/cancel-pin-reset";
import { findPin, insertPin, type PinRow, replacePin } from "./store";

export interface SetPin {
  /** Checked by `setPinSchema`. */
  pin: string;
  /** Needed to change a PIN that is set. */
  currentPin?: string;
  /** The version that the form was made for: of a double tap only the first does something. */
  version?: string;
}

/**
 * Sets the person's first PIN, or changes one that they know; a forgotten one is `requestPinReset`'s. After a change money out is limited for
 * a day; a new PIN that was waiting is dropped. Answers whether it changed anything: false when another tap or tab was faster. Throws
 * `pin_required` without the present one, `pin_reset_required` when that can't be checked any more, what {@link checkPin} throws, and
 * `unauthenticated` for API keys.
 */
export async function setPin(context: Context, input: SetPin): Promise<{ changed: boolean }> {
  const userId = requirePerson(context);
  const stored = await findPin(context.db, userId);
  if (input.version !== undefined && input.version !== versionOf(stored)) return { changed: false };
  if (stored) await requireCurrentPin(context, stored, input.currentPin ?? "");
  const hash = await hashPin(input.pin);
  return await inTransaction(context.db, async (tx) => {
    const changed = stored ? await replacePin(tx, stored, hash) : await insertPin(tx, userId, hash);
    const kind = stored ? "pin_changed" : "pin_set";
    if (changed && stored) {
      await undoReset(tx, userId);
      await limitMoneyOut(tx, userId, "pin_changed");
    }
    if (changed) await recordNotice(tx, { userId, kind, details: {}, key: `pin:${newKey()}` });
    return { changed };
  });
}

async function requireCurrentPin(context: Context, stored: PinRow, currentPin: string): Promise<void> {
  if (!isCheckable(stored.hash)) throw new DomainError("pin_reset_required");
  if (currentPin !== "") return await checkPin(context, currentPin, "currentPin");
  throw new DomainError("pin_required", { issues: [{ field: "currentPin", reason: "required" }] });
}
