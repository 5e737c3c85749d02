import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { revokeOtherAccess } from "@/lib/services/access-revocation/revoke-access";
import type { Context } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { getPinRecovery } from "../pin/get-pin-status";
import { hashPassword, verifyPassword } from "./password";
import { requireGoodPassword } from "./require-good-password";
import { requirePassword } from "./require-password";
import { findUserById, replacePasswordHash } from "./store";

export interface ChangePassword {
  /** Empty for an account without one, right after signing in. */
  currentPassword: string;
  /** Checked by `changePasswordSchema`. */
  password: string;
}

/**
 * Changes the signed-in person's password, or sets the first one of an account made with Google, right after signing in. All other sessions
 * and tokens end, keys stay, and every verified address is told. False when it was this password already: a double tap. Throws
 * `validation_failed` for a wrong present password or one that is guessed first, `rate_limited`, `unauthenticated` for an old sign-in.
 */
export async function changePassword(context: Context, input: ChangePassword): Promise<{ changed: boolean }> {
  const { actor, db } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  const user = await findUserById(db, actor.userId);
  if (!user) throw new DomainError("unauthenticated");
  const { passwordHash: before } = user;
  if (before !== null) {
    if (!(await confirmPresent(context, user.id, before, input))) return { changed: false };
  } else if ((await getPinRecovery(context)) !== "recent_sign_in") {
    throw new DomainError("unauthenticated");
  }
  await requireGoodPassword(user, input.password);
  const hash = await hashPassword(input.password);
  return await inTransaction(db, async (tx) => {
    const changed = await replacePasswordHash(tx, user.id, { before, hash });
    if (!changed) return { changed };
    await revokeOtherAccess(tx, user.id, { exceptSessionId: actor.sessionId, withKeys: false });
    const notice = {
      userId: user.id,
      kind: "password_changed",
      details: {},
      key: `password:${newKey()}`,
    } as const;
    await recordNotice(tx, notice);
    return { changed };
  });
}

/** False when the new password is set already: the second tap, whose try counts all the same. */
async function confirmPresent(
  context: Context,
  userId: bigint,
  before: string,
  { currentPassword, password }: ChangePassword,
): Promise<boolean> {
  try {
    await requirePassword(context, userId, currentPassword, "currentPassword");
    return true;
  } catch (refusal) {
    const isWrong = refusal instanceof DomainError && refusal.code === "validation_failed";
    if (isWrong && currentPassword !== "" && (await verifyPassword(before, password))) return false;
    throw refusal;
  }
}
