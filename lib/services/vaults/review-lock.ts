import { DomainError } from "@/lib/errors";
import type { Context } from "../context";
import { getVault } from "./get-vault";
import { parseLockDate } from "./lock-date";
import { refuseLock, requireLaterDate } from "./lock-vault";
import type { LockVault } from "./schema";
import type { VaultView } from "./view";

export interface LockReview {
  vault: VaultView;
  /** The instant that would open it. */
  until: Date;
  /** From now, rounded up. */
  days: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a lock would do, for its owner to check before `lockVault`; changes nothing. Throws as that does. */
export async function reviewLock(context: Context, input: LockVault): Promise<LockReview> {
  const vault = await getVault(context, { vaultId: input.vaultId, limit: 1 });
  if (vault.isClosed) throw new DomainError("not_found");
  const date = parseLockDate(input.lockedUntil, context.now);
  if ("reason" in date) throw refuseLock(date.reason);
  const until = date.lockedUntil;
  requireLaterDate(vault, until);
  return { vault, until, days: Math.ceil((until.getTime() - context.now.getTime()) / DAY_MS) };
}
