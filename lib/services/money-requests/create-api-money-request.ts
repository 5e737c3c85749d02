import { newKey } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { type Context, requireUser } from "../context";
import { requireIdempotencyKey } from "../idempotency/key";
import { checkSum } from "../transfers/check-transfer";
import { lookUpRecipient } from "../transfers/look-up-recipient";
import { type CreatedMoneyRequest, placeMoneyRequest } from "./create-money-request";

/** A request as a program makes it. */
export interface ApiMoneyRequest {
  /** The 13 digits of who is asked; null for whoever gets the link. */
  walletNumber: string | null;
  amount: Money;
  note: string | null;
  /** Idempotency key; null for a call that can't be repeated safely. */
  key: string | null;
}

/**
 * As `createMoneyRequest`, for a program of the person who asks. Throws `validation_failed` (also for one open request too many),
 * `recipient_not_found`, `recipient_is_self`, `rate_limited`, `idempotency_mismatch`.
 */
export async function createApiMoneyRequest(
  context: Context,
  { walletNumber, amount, note, key: given }: ApiMoneyRequest,
): Promise<CreatedMoneyRequest> {
  const userId = requireUser(context);
  const key = given ?? newKey();
  requireIdempotencyKey(key);
  const checked = checkSum({ amount, note });
  const payer = walletNumber === null ? null : await lookUpRecipient(context, walletNumber);
  return await placeMoneyRequest(context, userId, { payer, ...checked, key });
}
