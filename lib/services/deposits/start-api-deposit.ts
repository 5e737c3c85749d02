import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { homeCountryOf } from "@/lib/phone";
import { type Context, requireUser } from "../context";
import type { KeyedInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { type Payer, payerOf, requireEmail } from "../identity/users/get-profile";
import { checkOrder } from "../operations/check-order";
import { isCredited, type OperationStatus } from "../operations/kinds";
import type { OperationRow } from "../operations/operation";
import { toOperationView } from "../operations/view";
import { checkReturnUrl } from "./check-return-url";
import { findClaimedDeposit } from "./claim-deposit";
import { type DepositOrder, inputOf, placeDeposit, refusalOf } from "./place-deposit";
import { IN_PROGRESS_RETRY_SECONDS, START_TIMEOUT_MS } from "./policy";

/** A deposit as requested by the API. */
export interface ApiDeposit {
  amountMinor: bigint;
  currency: Currency;
  /** Required for XOF; for NGN the payer may choose on the payment page. */
  method?: string | null;
  /** Needed for XOF: the user's own when absent. */
  phone?: string | null;
  /** Where the browser goes after the payment page: http(s), at most 2,000 characters; our own page when absent. */
  returnUrl?: string | null;
  /** Idempotency key; null for a call that can't be repeated safely. */
  key: string | null;
}

export interface ApiDepositStarted {
  reference: string;
  /** Null only for a replay of one that succeeded without a payment page. */
  paymentUrl: string | null;
  amount: Money;
  status: OperationStatus;
  replayed: boolean;
}

/**
 * Starts a deposit for a program. Throws `validation_failed` (issues on amount, method, phone, returnUrl),
 * `method_unavailable`, `idempotency_mismatch`, `idempotency_in_progress` while the first call with this key runs,
 * `outcome_unknown` when the provider didn't answer in time, and refusals as {@link placeDeposit} does. A replay depends
 * neither on today's profile nor on today's methods: it is answered by the operation that was made then.
 */
export async function startApiDeposit(context: Context, input: ApiDeposit): Promise<ApiDepositStarted> {
  const userId = requireUser(context);
  const claim = { userId, key: input.key ?? newKey(), input: inputOfBody(input) };
  requireIdempotencyKey(claim.key);
  const payer = await payerOf(context.db, userId);
  const known = await findKnown(context, claim, () => checkBody(input, payer));
  if (known.operation) return toAnswer(context, known.operation, true);
  const placement = { ...claim, input: known.input, order: checkBody(input, payer) };
  const { operation, replayed } = await placeDeposit(context, placement, {
    returnUrl: (reference) => ownReturnPage(reference, payer.locale),
    locale: payer.locale,
  });
  return toAnswer(context, operation, replayed);
}

/** What a key is hashed with: the body as it was sent. */
function inputOfBody({ amountMinor, currency, method, phone, returnUrl }: ApiDeposit): KeyedInput {
  const fields = [amountMinor.toString(), currency, method ?? null, phone ?? null, returnUrl ?? null];
  return { verb: "api_deposit", fields };
}

function checkBody(input: ApiDeposit, payer: Payer): DepositOrder {
  const typed = {
    amount: input.amountMinor,
    phone: input.phone ?? payer.phone ?? "",
    method: input.method ?? "",
    currency: input.currency,
  };
  const { amount, phone, method, offer } = checkOrder(typed, "in", homeCountryOf(payer.phone));
  const wanted = input.returnUrl ?? null;
  const returnUrl = wanted === null ? null : checkReturnUrl(wanted);
  const email = offer.asks === "email" ? requireEmail(payer) : null;
  return { amount, provider: offer.provider, method, phone, email, returnUrl };
}

/** The operation of a used key, and the input that it was claimed with: the next attempt must be claimed with the same. */
async function findKnown(
  { db }: Context,
  claim: { userId: bigint; key: string; input: KeyedInput },
  check: () => DepositOrder,
): Promise<{ input: KeyedInput; operation: OperationRow | null }> {
  try {
    return { input: claim.input, operation: await findClaimedDeposit(db, claim) };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "idempotency_mismatch") throw error;
    // The key of a page is hashed with the checked order.
    const input = inputOf(check());
    return { input, operation: await findClaimedDeposit(db, { ...claim, input }) };
  }
}

function toAnswer(context: Context, operation: OperationRow, replayed: boolean): ApiDepositStarted {
  requireAnswer(context, operation, replayed);
  return {
    reference: operation.reference,
    paymentUrl: operation.paymentUrl,
    amount: money(operation.amountMinor, operation.currency),
    status: toOperationView(operation).status,
    replayed,
  };
}

/** Our status page of the deposit: French has no prefix. */
function ownReturnPage(reference: string, locale: "fr" | "en"): string {
  const prefix = locale === "fr" ? "" : `/${locale}`;
  return new URL(`${prefix}/wallet/topup/${reference}`, config().baseUrl).href;
}

/** Throws the reason why there is no payment page, unless the money came all the same. */
function requireAnswer({ now }: Context, operation: OperationRow, replayed: boolean): void {
  const { state, reason, paymentUrl, reference, createdAt } = operation;
  if (paymentUrl !== null || isCredited(state)) return;
  if (state === "failed" || state === "expired") throw refusalOf(operation, reason);
  const isRunning = replayed && now.getTime() - createdAt.getTime() < START_TIMEOUT_MS;
  if (state !== "pending" || !isRunning) throw new DomainError("outcome_unknown", { reference });
  const retryAfterSeconds = IN_PROGRESS_RETRY_SECONDS;
  throw new DomainError("idempotency_in_progress", { reference, retryAfterSeconds });
}
