import type { Reader } from "@/db/client";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { selectLeft } from "./store";

export interface MoneyOutLimit {
  /** What may still go out until then; zero where everything waits. */
  left: Money;
  until: Date;
}

/** What limits the signed-in person's money out in a currency now; null when nothing does. Throws `unauthenticated`. */
export async function findMoneyOutLimit(context: Context, currency: Currency): Promise<MoneyOutLimit | null> {
  return await limitOf(context.db, requirePerson(context), currency);
}

/** For verbs that have checked the actor already. */
export async function limitOf(
  reader: Reader,
  userId: bigint,
  currency: Currency,
): Promise<MoneyOutLimit | null> {
  const row = await selectLeft(reader, userId, currency, { lock: false });
  return row && { left: money(row.leftMinor, currency), until: row.until };
}
