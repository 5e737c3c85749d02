import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { consume, giveBack } from "@/lib/services/rate-limits/consume";
import { verifyPassword } from "./password";
import { findUserById } from "./store";

/**
 * Asks a signed-in person for the account's password again. Wrong ones count, five in a quarter of an hour, before they are compared. Throws
 * `validation_failed` with an issue on `field`, `rate_limited`.
 */
export async function requirePassword(
  context: Context,
  userId: bigint,
  password: string,
  field = "password",
): Promise<void> {
  if (password === "")
    throw new DomainError("validation_failed", { issues: [{ field, reason: "required" }] });
  const key = [userId.toString()];
  await consume(context.db, "pin_password", key);
  const user = await findUserById(context.db, userId);
  if (!(await verifyPassword(user?.passwordHash ?? null, password))) {
    throw new DomainError("validation_failed", { issues: [{ field, reason: "password_wrong" }] });
  }
  await giveBack(context.db, "pin_password", key);
}
