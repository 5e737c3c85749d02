import type { Reader, Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { findProvider } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import {
  findSwitch,
  insertSwitch,
  lockSwitches,
  lockSwitchesShared,
  type PayoutSwitchRow,
  selectSwitches,
} from "./store";

/** Which switch to toggle, by whom and why. */
export interface SwitchOrder {
  /** Null for all providers at once. */
  provider: string | null;
  operator: string;
  note: string;
}

export interface Toggled {
  /** False when the switch was in this position already. */
  isNew: boolean;
  /** The switches that stop payouts to the order's provider now, or any of them for an order about all. */
  stopped: PayoutSwitchRow[];
}

/**
 * Whether payouts to this provider are stopped, by its own switch or by that of all. The answer holds until the transaction
 * ends: a toggle waits for it.
 */
export async function isPayoutStopped(tx: Transaction, provider: string): Promise<boolean> {
  await lockSwitchesShared(tx);
  return await isPayoutStoppedNow(tx, provider);
}

/** As {@link isPayoutStopped}, without the guarantee: for sweeps. */
export async function isPayoutStoppedNow(reader: Reader, provider: string): Promise<boolean> {
  const switches = await selectSwitches(reader, provider);
  return switches.some(({ stopped }) => stopped);
}

/**
 * Toggles a switch. Once this has answered, no payout is submitted against it. Throws `unauthenticated`, `not_found` for a
 * provider that isn't configured.
 */
export async function togglePayoutSwitch(
  context: Context,
  order: SwitchOrder,
  stopped: boolean,
): Promise<Toggled> {
  requireSystem(context);
  if (order.provider !== null && !findProvider(order.provider)) throw new DomainError("not_found");
  const toggled = await inTransaction(context.db, async (tx) => {
    await lockSwitches(tx);
    const current = await findSwitch(tx, order.provider);
    const isNew = (current?.stopped ?? false) !== stopped;
    if (isNew) await insertSwitch(tx, { ...order, stopped });
    const switches = await selectSwitches(tx, order.provider ?? undefined);
    return { isNew, stopped: switches.filter((row) => row.stopped) };
  });
  if (toggled.isNew)
    log.warn({ ...order, provider: order.provider ?? "all", stopped }, "payout switch toggled");
  return toggled;
}
