import type { Reader, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { compare } from "@/lib/money/arithmetic";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../context";
import type { MoneyOutLimit } from "./find-money-out-limit";
import { selectLeft, selectLimitedUntil } from "./store";

/** The refusal of an amount that is more than a limit leaves. */
export function limitRefusal({ left, until }: MoneyOutLimit, now: Date): DomainError {
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return new DomainError("money_out_limited", { until, left, retryAfterSeconds });
}

/**
 * Refuses early what the transaction of the money would refuse: throws `money_out_limited` with `until`, `left` and
 * `retryAfterSeconds`. API keys aren't limited. It counts nothing.
 */
export async function requireWithinLimit(reader: Reader, context: Context, amount: Money): Promise<void> {
  await check(reader, context, amount, false);
}

/**
 * The rule itself, in the transaction that takes the money and before it locks a wallet or an account: until it ends, nobody
 * else's money out of the same person is counted. Throws as {@link requireWithinLimit}. For transfers `transfer_post` does the same.
 */
export async function claimWithinLimit(tx: Transaction, context: Context, amount: Money): Promise<void> {
  await check(tx, context, amount, true);
}

async function check(reader: Reader, context: Context, amount: Money, lock: boolean): Promise<void> {
  const { actor, now } = context;
  if (actor.kind !== "user") return;
  const row = await selectLeft(reader, actor.userId, amount.currency, { lock });
  if (!row) return;
  const left = money(row.leftMinor, amount.currency);
  if (compare(amount, left) > 0) throw limitRefusal({ left, until: row.until }, now);
}

/**
 * The rule for new keys that move money out, which would outlive a limit: none is made while one runs. Under the lock of the
 * user's row. Throws `money_keys_limited` with `until`.
 */
export async function requireNoLimit(tx: Transaction, userId: bigint): Promise<void> {
  const until = await selectLimitedUntil(tx, userId);
  if (until) throw new DomainError("money_keys_limited", { until });
}
