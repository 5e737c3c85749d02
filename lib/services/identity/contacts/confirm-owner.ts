import type { Context } from "@/lib/services/context";
import { checkPin } from "../pin/check-pin";
import { isPin } from "../pin/schema";
import { findPin } from "../pin/store";
import { requirePassword } from "../users/require-password";
import { findUserById } from "../users/store";

/** Which secrets a person can confirm with that they are the owner; neither for one who only came through Google and has set no PIN. */
export interface OwnerSecrets {
  hasPassword: boolean;
  hasPin: boolean;
}

export async function ownerSecretsOf({ db }: Context, userId: bigint): Promise<OwnerSecrets> {
  const [user, pin] = await Promise.all([findUserById(db, userId), findPin(db, userId)]);
  return { hasPassword: user?.passwordHash != null, hasPin: pin !== null };
}

/**
 * Asks for the password or the PIN of the signed-in person before something changes who can get in: a stolen session has neither. Wrong ones
 * count where they belong. Throws what {@link checkPin} and {@link requirePassword} throw, with issues on `secret`.
 */
export async function confirmOwner(context: Context, userId: bigint, secret: string): Promise<void> {
  const { hasPassword, hasPin } = await ownerSecretsOf(context, userId);
  if (!hasPassword && !hasPin) return;
  // Passwords are longer than any PIN.
  if (hasPin && (isPin(secret) || !hasPassword)) return await checkPin(context, secret, "secret");
  await requirePassword(context, userId, secret, "secret");
}
