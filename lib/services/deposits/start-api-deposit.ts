import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { phoneCountryOf } from "@/lib/phone";
import { type Context, requireUser } from "../context";
import { checkOrder } from "../operations/check-order";
import type { OperationRow } from "../operations/operation";
import { type OperationStatus, toOperationView } from "../operations/view";
import { payerOf } from "../users/payer-of";
import { checkReturnUrl } from "./check-return-url";
import { placeDeposit, refusalOf } from "./place-deposit";
import { START_TIMEOUT_MS } from "./policy";

/** A deposit as a program asks for it. */
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
  /** Null only for a replay of one that ended without a payment page. */
  paymentUrl: string | null;
  amount: Money;
  status: OperationStatus;
  replayed: boolean;
}

/**
 * Starts a deposit for a program. Throws `validation_failed` (issues on amount, method, phone, returnUrl),
 * `method_unavailable`, `idempotency_mismatch`, `idempotency_in_progress` while the first call with this key runs,
 * `outcome_unknown` when the provider didn't answer in time, and refusals as {@link placeDeposit} does.
 */
export async function startApiDeposit(context: Context, input: ApiDeposit): Promise<ApiDepositStarted> {
  const userId = requireUser(context);
  const payer = await payerOf(context.db, userId);
  const typed = {
    amount: input.amountMinor,
    phone: input.phone ?? payer.phone ?? "",
    method: input.method ?? "",
    currency: input.currency,
  };
  const country = (payer.phone && phoneCountryOf(payer.phone)) || "BF";
  const { amount, phone, method, offer } = checkOrder(typed, "in", country);
  const wanted = input.returnUrl ?? null;
  const returnUrl = wanted === null ? null : checkReturnUrl(wanted);
  const email = offer.asks === "email" ? payer.email : null;
  const order = { amount, provider: offer.provider, method, phone, email, returnUrl };
  const placement = { userId, key: input.key ?? newKey(), order };
  const { operation, replayed } = await placeDeposit(context, placement, {
    returnUrl: (reference) => ownReturnPage(reference, payer.locale),
    locale: payer.locale,
  });
  requireAnswer(context, operation, replayed);
  return {
    reference: operation.reference,
    paymentUrl: operation.paymentUrl,
    amount: money(operation.amountMinor, operation.currency),
    status: toOperationView(operation).status,
    replayed,
  };
}

/** Our page that says how the deposit stands: French has no prefix. */
function ownReturnPage(reference: string, locale: "fr" | "en"): string {
  const prefix = locale === "fr" ? "" : `/${locale}`;
  return new URL(`${prefix}/wallet/topup/${reference}`, env().BASE_URL).href;
}

/** A program has no use for a deposit that can't be paid yet or any more: it is told why instead. */
function requireAnswer({ now }: Context, operation: OperationRow, replayed: boolean): void {
  const { state, reason, paymentUrl, reference, createdAt } = operation;
  if (paymentUrl !== null) return;
  if (state === "failed") throw refusalOf(operation, reason);
  if (state !== "pending") return;
  const isRunning = replayed && now.getTime() - createdAt.getTime() < START_TIMEOUT_MS;
  throw new DomainError(isRunning ? "idempotency_in_progress" : "outcome_unknown", { reference });
}
