import { isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Answer } from "../../exchange";
import { ProviderError, type ProviderState, type ProviderStatus } from "../../provider";
import { type Fields, identifier, isRefusal, readData } from "./answer";
import { joinReferences } from "./mapper";

/**
 * The four documented words. Others that integrators handle (timeout, cancelled, rejected) are no documented end, so
 * they are read as pending: a payout must not be refunded on a guess.
 */
const STATUS = new Map<string, ProviderStatus>([
  ["pending", "pending"],
  ["processing", "pending"],
  ["success", "succeeded"],
  ["failed", "failed"],
]);

export function toStatus(word: unknown): ProviderStatus {
  return STATUS.get(typeof word === "string" ? word.toLowerCase() : "") ?? "pending";
}

/** Whole francs, as a JSON number (documented) or as digits in a text; null for anything else. */
function toWholeFrancs(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : null;
  const digits = typeof value === "string" ? /^([1-9][0-9]{0,11})(?:\.0{1,2})?$/.exec(value)?.[1] : undefined;
  return digits === undefined ? null : BigInt(digits);
}

/** Francs of XOF only. XAF and others are named, never converted; no currency is no amount. */
export function readAmount({ amount, currency }: Fields): {
  amount: Money | null;
  currencyCode: string | null;
} {
  const currencyCode = typeof currency === "string" && /^[A-Z]{3}$/.test(currency) ? currency : null;
  const francs = toWholeFrancs(amount);
  const isFrancs = currencyCode === "XOF" && isCurrency(currencyCode);
  return { amount: isFrancs && francs !== null ? money(francs, "XOF") : null, currencyCode };
}

/** What to ask about. */
export interface Asked {
  orderId: string;
  /** Null where only a callback told us of it, and not of both names. */
  payId: string | null;
  /** True where theirs isn't known. */
  isOurs: boolean;
}

/**
 * From our `providerReference`; failing that our own reference, which GetMiPay was never told as such: it will say
 * that it doesn't know it, and that is the answer.
 */
export function toAsked(reference: string, providerReference: string | null): Asked {
  const [orderId = "", payId = null] = (providerReference ?? reference).split("/");
  return { orderId, payId, isOurs: providerReference === null };
}

/** Both are documented. The second repeats the first where it isn't known, as an integrator does in production. */
export function toCheckBody({ orderId, payId }: Asked): object {
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

function isAbout(data: Fields, { orderId, payId }: Asked): boolean {
  const isSamePay =
    payId === null || data.pay_id === undefined || data.pay_id === null || data.pay_id === payId;
  return data.order_id === orderId && isSamePay;
}

/**
 * The answer of POST /transaction-check. It says neither why something failed nor whether this is a test. Throws
 * {@link ProviderError}; an answer about something else, or without a status, is `outcome_unknown`.
 */
export function toState(answer: Answer, asked: Asked): ProviderState {
  // A name that isn't even shaped like theirs may be refused as such.
  if (isRefusal(answer, asked.isOurs ? [400, 404, 422] : [404])) return NOT_FOUND;
  const data = readData(answer, "question");
  if (typeof data.status !== "string" || !isAbout(data, asked)) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  const payId = asked.payId ?? identifier(data.pay_id);
  return {
    status: toStatus(data.status),
    providerReference: payId === null ? null : joinReferences(asked.orderId, payId),
    ...readAmount(data),
    reasonCode: null,
    live: null,
  };
}
