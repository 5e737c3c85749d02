import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { isCheckable } from "./pin-hash";
import { RECENT_SIGN_IN_MS } from "./policy";
import { findPin, findProof, type PinRow, type Proof } from "./store";

/** What stands for a forgotten PIN; `sign_in_again` for people without a password whose sign-in is too old. */
export type PinRecovery = "password" | "recent_sign_in" | "sign_in_again";

export interface PinStatus {
  /** True when it can be checked. */
  isSet: boolean;
  /** True when there is one whose key was lost: another must be chosen, with the account's proof. */
  needsReset: boolean;
  /** Changes with every new PIN; empty before the first. */
  version: string;
  /** Null unless it is locked now. */
  lockedUntil: Date | null;
}

/** How the person's PIN stands. Throws `unauthenticated`. */
export async function getPinStatus(context: Context): Promise<PinStatus> {
  const stored = await findPin(context.db, requirePerson(context));
  const isSet = stored !== null && isCheckable(stored.hash);
  const lockedUntil =
    isSet && stored.lockedUntil && stored.lockedUntil > context.now ? stored.lockedUntil : null;
  return { isSet, needsReset: stored !== null && !isSet, version: versionOf(stored), lockedUntil };
}

/** How somebody who forgot their PIN can choose another. Throws `unauthenticated`. */
export async function getPinRecovery(context: Context): Promise<PinRecovery> {
  const { passwordHash, signedInAt } = await proofOf(context);
  if (passwordHash !== null) return "password";
  const isRecent = context.now.getTime() - (signedInAt?.getTime() ?? 0) <= RECENT_SIGN_IN_MS;
  return isRecent ? "recent_sign_in" : "sign_in_again";
}

/** What the person's account and session prove with. Throws `unauthenticated`. */
export async function proofOf(context: Context): Promise<Proof> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  const proof = await findProof(context.db, actor.userId, actor.sessionId);
  if (!proof) throw new DomainError("unauthenticated");
  return proof;
}

export function versionOf(stored: PinRow | null): string {
  return stored === null ? "" : String(stored.updatedAt.getTime());
}
