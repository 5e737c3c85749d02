import type { Transaction } from "@/db/client";
import { allowedAmounts, MONEY_OUT_LIMIT_HOURS } from "./policy";
import { insertLimit, liftLimit, type MoneyOutLimitCause } from "./store";

export type { MoneyOutLimitCause };

export interface PlacedLimit {
  id: bigint;
  /** When it ends. */
  until: Date;
}

/**
 * Limits what the person may send out of their wallet for a day, in the transaction of the change that is the cause: at most the
 * configured amount of each currency. Limits add up to the strictest; keys that exist go on.
 */
export async function limitMoneyOut(
  tx: Transaction,
  userId: bigint,
  cause: MoneyOutLimitCause,
): Promise<PlacedLimit> {
  const allowed = allowedAmounts();
  return await insertLimit(tx, { userId, cause, allowed, hours: MONEY_OUT_LIMIT_HOURS });
}

/** As {@link limitMoneyOut}, but nothing at all goes out. */
export async function stopMoneyOut(
  tx: Transaction,
  userId: bigint,
  { cause, hours }: { cause: MoneyOutLimitCause; hours: number },
): Promise<PlacedLimit> {
  return await insertLimit(tx, { userId, cause, allowed: {}, hours });
}

/** Ends a limit whose cause was undone. */
export async function liftMoneyOutLimit(tx: Transaction, id: bigint): Promise<void> {
  await liftLimit(tx, id);
}
