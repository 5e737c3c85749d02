import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { findProvider } from "@/lib/providers/registry";
import { type Context, requireSystem } from "@/lib/services/context";
import { findStanding, insertSwitch, seizeSwitches } from "./store";

/** Which switch, and who throws it why. */
export interface SwitchOrder {
  /** Null for all providers at once. */
  provider: string | null;
  operator: string;
  note: string;
}

/**
 * Throws a switch, once: answers false when it stood so already. Once this has answered, no withdrawal begins to be
 * handed over against it. Throws `unauthenticated`, `not_found` for a provider that isn't configured.
 */
export async function throwSwitch(context: Context, order: SwitchOrder, stopped: boolean): Promise<boolean> {
  requireSystem(context);
  if (order.provider !== null && !findProvider(order.provider)) throw new DomainError("not_found");
  const isNew = await inTransaction(context.db, async (tx) => {
    await seizeSwitches(tx);
    const standing = await findStanding(tx, order.provider);
    if ((standing?.stopped ?? false) === stopped) return false;
    await insertSwitch(tx, { ...order, stopped });
    return true;
  });
  if (isNew) log.warn({ ...order, provider: order.provider ?? "all", stopped }, "payouts switched");
  return isNew;
}
