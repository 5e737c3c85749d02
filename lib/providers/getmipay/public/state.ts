import { isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Answer, Fields } from "../../exchange";
import { ProviderError, type ProviderState, type ProviderStatus } from "../../provider";
import { readPaidAt } from "../../read-instant";
import { readWholeAmount } from "../../whole-amount";
import { statusOfWord } from "../words";
import { identifier, isRefusal, readData } from "./answer";
import { joinReferences } from "./mapper";

/** A word that isn't known, such as `timeout`, isn't final: a payout must not be refunded on a guess. */
export function toStatus(status: unknown): ProviderStatus {
  return (typeof status === "string" ? statusOfWord(status) : null) ?? "pending";
}

/** Whole francs, as a JSON number (documented) or as digits in a text; null for anything else. */
function toWholeFrancs(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : null;
  return typeof value === "string" ? readWholeAmount(value.trim()) : null;
}

/** Francs of XOF only. For another currency only its code is returned; without a currency there is no amount. */
export function readAmount({ amount, currency }: Fields): {
  amount: Money | null;
  currencyCode: string | null;
} {
  const code = typeof currency === "string" ? currency.trim().toUpperCase() : "";
  const currencyCode = /^[A-Z]{3}$/.test(code) ? code : null;
  const francs = toWholeFrancs(amount);
  const isFrancs = currencyCode === "XOF" && isCurrency(currencyCode);
  return { amount: isFrancs && francs !== null ? money(francs, "XOF") : null, currencyCode };
}

/** Names the transaction that is queried. */
export interface TransactionQuery {
  orderId: string;
  /** Null where only a callback is known, which may not name it. */
  payId: string | null;
  /** True where the provider's reference isn't known and ours is sent instead. */
  isOurs: boolean;
}

/**
 * From the `providerReference` that we stored; without one from our own reference, which GetMiPay never received as
 * such: it answers "not found".
 */
export function toQuery(reference: string, providerReference: string | null): TransactionQuery {
  const [orderId = "", payId = null] = (providerReference ?? reference).split("/");
  return { orderId, payId, isOurs: providerReference === null };
}

/** Both fields are documented. Where `pay_id` isn't known it repeats `order_id`, as an integrator does in production. */
export function toCheckBody({ orderId, payId }: TransactionQuery): object {
  return { order_id: orderId, pay_id: payId ?? orderId };
}

const NOT_FOUND: ProviderState = {
  status: "not_found",
  providerReference: null,
  amount: null,
  currencyCode: null,
  reasonCode: null,
  live: null,
};

function isAbout(data: Fields, { orderId, payId }: TransactionQuery): boolean {
  const isSamePay =
    payId === null || data.pay_id === undefined || data.pay_id === null || data.pay_id === payId;
  return data.order_id === orderId && isSamePay;
}

/**
 * The response to POST /transaction-check. It has neither a reason for a failure nor the mode (test or live). Throws
 * {@link ProviderError}; an answer about something else, or without a status, is `outcome_unknown`.
 */
export function toState(answer: Answer, query: TransactionQuery): ProviderState {
  // Our own reference doesn't have the shape of theirs, and may be refused for that.
  if (isRefusal(answer, query.isOurs ? [400, 404, 422] : [404])) return NOT_FOUND;
  const data = readData(answer, "query");
  if (typeof data.status !== "string" || !isAbout(data, query)) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  const payId = query.payId ?? identifier(data.pay_id);
  const status = toStatus(data.status);
  return {
    status,
    providerReference: payId === null ? null : joinReferences(query.orderId, payId),
    ...readAmount(data),
    reasonCode: null,
    live: null,
    ...(status === "succeeded" ? readPaidAt((name) => data[name]) : {}),
  };
}
