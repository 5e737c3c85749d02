import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { isCheckable } from "./pin-hash";
import { RECENT_SIGN_IN_MS } from "./policy";
import { findPin, findSignInState, type PinRow, type SignInState } from "./store";

/** What identifies a person who forgot the PIN; `sign_in_again` when there is no password and the sign-in is too old. */
export type PinRecovery = "password" | "recent_sign_in" | "sign_in_again";

export interface PinStatus {
  /** True when it can be checked. */
  isSet: boolean;
  /** True when there is one whose key was lost: another must be chosen, as when it is forgotten. */
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
  const { passwordHash, signedInAt } = await signInStateOf(context);
  if (passwordHash !== null) return "password";
  const isRecent = context.now.getTime() - (signedInAt?.getTime() ?? 0) <= RECENT_SIGN_IN_MS;
  return isRecent ? "recent_sign_in" : "sign_in_again";
}

/** What can identify the person again: a password, or a recent sign-in. Throws `unauthenticated`. */
export async function signInStateOf(context: Context): Promise<SignInState> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  const state = await findSignInState(context.db, actor.userId, actor.sessionId);
  if (!state) throw new DomainError("unauthenticated");
  return state;
}

export function versionOf(stored: PinRow | null): string {
  return stored === null ? "" : String(stored.updatedAt.getTime());
}
