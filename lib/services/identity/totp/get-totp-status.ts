import type { Reader } from "@/db/client";
import { type Context, requirePerson } from "@/lib/services/context";
import { findUserById } from "../users/store";
import { secretUri } from "./one-time-code";
import { openSecret } from "./sealed-secret";
import { countRecoveryCodes, findTotp } from "./store";

export type TotpStatus =
  /** `isAvailable` for an account with a password: others sign in without one. */
  | { state: "off"; isAvailable: boolean }
  /** What the app is given; it is shown until its first code comes. */
  | { state: "pending"; secret: string; uri: string }
  | { state: "on"; since: Date; recoveryCodesLeft: number };

/** How the person's second step stands. Throws `unauthenticated`. */
export async function getTotpStatus(context: Context): Promise<TotpStatus> {
  const userId = requirePerson(context);
  const [user, row] = await Promise.all([findUserById(context.db, userId), findTotp(context.db, userId)]);
  if (row?.confirmedAt) {
    const recoveryCodesLeft = await countRecoveryCodes(context.db, userId);
    return { state: "on", since: row.confirmedAt, recoveryCodesLeft };
  }
  const secret = row === null ? null : openSecret(userId, row.secret);
  if (secret === null) return { state: "off", isAvailable: user?.passwordHash != null };
  return { state: "pending", secret, uri: secretUri(secret, user?.email ?? user?.phone ?? "") };
}

/** True when a sign-in by password needs a second step. */
export async function needsSecondStep(reader: Reader, userId: bigint): Promise<boolean> {
  return (await findTotp(reader, userId))?.confirmedAt != null;
}
