import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey, newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { add } from "@/lib/money/arithmetic";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { homeCountryOf } from "@/lib/phone";
import type { TypedAccount } from "../banks/check-account";
import { lookUpAccountHolder } from "../banks/directory";
import { limitHolderLookUps } from "../banks/resolve-bank-account";
import { type Context, requireUser } from "../context";
import { type Claim, claimKey, findClaim } from "../idempotency/claim";
import type { KeyedInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { payerOf } from "../identity/users/get-profile";
import { requireWithinLimit } from "../money-out-limits/require-within-limit";
import { checkOrder } from "../operations/check-order";
import type { OperationStatus } from "../operations/kinds";
import type { OperationRow } from "../operations/operation";
import { toOperationView } from "../operations/view";
import { walletOfUser } from "../wallets/get-wallet";
import { requireAvailable } from "../wallets/require-available";
import { inputOf, placeWithdrawal } from "./place-withdrawal";
import { withdrawalFee } from "./policy";

/** A withdrawal as requested by the API. */
export interface ApiWithdrawal {
  amountMinor: bigint;
  currency: Currency;
  /** Required for XOF; `bank` for NGN. */
  method?: string | null;
  /** Needed for XOF: the user's own when absent. */
  phone?: string | null;
  /** Needed for NGN. */
  bank?: TypedAccount | null;
  /** Idempotency key; null for a call that can't be repeated safely. */
  key: string | null;
}

export interface ApiWithdrawalPlaced {
  reference: string;
  status: OperationStatus;
  amount: Money;
  fee: Money;
  replayed: boolean;
}

/**
 * Places a withdrawal for a program, without a quote: the money is reserved, the worker calls the provider. Throws
 * `validation_failed` (issues on amount, method, phone, bankCode, accountNumber), `insufficient_funds` before anybody is
 * called, `money_out_limited`, `rate_limited` after too many names of bank accounts, `invalid_destination`, `method_unavailable`,
 * `provider_unavailable`, `idempotency_mismatch`.
 */
export async function requestApiWithdrawal(
  context: Context,
  input: ApiWithdrawal,
): Promise<ApiWithdrawalPlaced> {
  const userId = requireUser(context);
  const key = input.key ?? newKey();
  requireIdempotencyKey(key);
  const claim = { userId, key, input: inputOfBody(input) };
  const earlier = await findEarlier(context, claim, input);
  if (earlier) return toAnswer(earlier, true);
  const { amount, phone, bank, method, offer } = await checkInput(context, userId, input);
  const fee = withdrawalFee(amount);
  const wallet = await walletOfUser(context.db, userId);
  await requireAvailable(context.db, wallet.id, add(amount, fee));
  await requireWithinLimit(context.db, context, amount);
  if (bank) await limitHolderLookUps(context, userId);
  const account = bank && (await lookUpAccountHolder(offer.provider, bank));
  const order = { amount, fee, provider: offer.provider, method, phone, bank: account };
  const reference = newReference();
  return await inTransaction(context.db, async (tx) => {
    const replayed = await claimKey(tx, { ...claim, reference });
    if (replayed) return toAnswer(replayed, true);
    return toAnswer(await placeWithdrawal(tx, context, { walletId: wallet.id, reference, order }), false);
  });
}

/** What a key is hashed with: the body as it was sent. */
function inputOfBody({ amountMinor, currency, method, phone, bank }: ApiWithdrawal): KeyedInput {
  const account = bank ? [bank.bankCode, bank.accountNumber] : null;
  const fields = [amountMinor.toString(), currency, method ?? null, phone ?? null, account];
  return { verb: "api_withdrawal", fields };
}

/** The operation of a used key. A replay depends neither on today's profile and methods nor on the bank's answer. */
async function findEarlier(
  context: Context,
  claim: Claim,
  input: ApiWithdrawal,
): Promise<OperationRow | null> {
  try {
    return await findClaim(context.db, claim);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "idempotency_mismatch") throw error;
    // The key of a page is hashed with the checked order.
    const order = await checkInput(context, claim.userId, input);
    return await findClaim(context.db, { ...claim, input: inputOf(order) });
  }
}

async function checkInput(context: Context, userId: bigint, input: ApiWithdrawal) {
  const { phone: ownPhone } = await payerOf(context.db, userId);
  const typed = {
    amount: input.amountMinor,
    phone: input.phone ?? ownPhone ?? "",
    method: input.method ?? "",
    currency: input.currency,
    ...(input.bank ? { bank: input.bank } : {}),
  };
  const { method, ...order } = checkOrder(typed, "out", homeCountryOf(ownPhone));
  invariant(method !== null, "money goes out by one method");
  return { method, ...order };
}

function toAnswer(operation: OperationRow, replayed: boolean): ApiWithdrawalPlaced {
  const { reference, amountMinor, feeMinor, currency } = operation;
  const { status } = toOperationView(operation);
  return {
    reference,
    status,
    amount: money(amountMinor, currency),
    fee: money(feeMinor, currency),
    replayed,
  };
}
