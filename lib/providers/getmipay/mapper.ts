import { z } from "zod";
import type { Money } from "@/lib/money/money";
import { type Answer, parseJson } from "../exchange";
import { isPaymentUrl } from "../payment-url";
import {
  type CollectionCreated,
  type CollectionRequest,
  type PayoutCreated,
  type PayoutRequest,
  ProviderError,
  type ProviderErrorKind,
} from "../provider";

const identifier = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const collectionAnswer = z.object({ transaction_id: identifier, payment_url: z.string().max(2048) });
const payoutAnswer = z.object({ payout_id: identifier });

/** The fields of an error body that may complain about the recipient. */
const COMPLAINT_FIELDS = ["code", "error", "message", "detail", "field", "errors"] as const;
const ABOUT_THE_RECIPIENT =
  /phone|recipient|msisdn|t[ée]l[ée]phone|num[ée]ro|destinataire|b[ée]n[ée]ficiaire/i;
const ABOUT_THE_FLOAT = /^insufficient_(float|balance|funds)$/i;
/** Never free text, which could repeat a phone number. */
const PRINTABLE_CODE = /^[a-z][a-z0-9_.]{0,39}$/i;

/** v1 amounts are whole francs as a JSON number. Throws `declined`: nothing was sent, so nothing will move. */
export function toFrancs(amount: Money): number {
  const francs = Number(amount.amountMinor);
  if (amount.currency !== "XOF" || !Number.isSafeInteger(francs) || francs <= 0) {
    throw new ProviderError("declined", "unsupported_amount");
  }
  return francs;
}

/** The seed's four fields first, then what we add: reference, currency and addresses. */
export function toCollectionBody(request: CollectionRequest): object {
  return {
    user_id: request.userId,
    amount: toFrancs(request.amount),
    phone: request.phone,
    method: request.method,
    reference: request.reference,
    currency: request.amount.currency,
    callback_url: request.callbackUrl,
    return_url: request.returnUrl,
    locale: request.locale,
  };
}

export function toPayoutBody(request: PayoutRequest): object {
  return {
    user_id: request.userId,
    amount: toFrancs(request.amount),
    phone: request.phone,
    method: request.method,
    reference: request.reference,
    currency: request.amount.currency,
    callback_url: request.callbackUrl,
  };
}

function complaint(body: unknown): { code: string | null; text: string } {
  if (typeof body !== "object" || body === null) return { code: null, text: "" };
  const fields = new Map<string, unknown>(Object.entries(body));
  const code = fields.get("code");
  const texts = COMPLAINT_FIELDS.map((name) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : name === "errors" ? (JSON.stringify(value) ?? "") : "";
  });
  return {
    code: typeof code === "string" && PRINTABLE_CODE.test(code) ? code : null,
    text: texts.join(" "),
  };
}

function errorKind(status: number, code: string | null, text: string): ProviderErrorKind {
  switch (status) {
    case 400:
    case 422:
      return ABOUT_THE_RECIPIENT.test(text) ? "invalid_destination" : "declined";
    case 402:
      return code !== null && ABOUT_THE_FLOAT.test(code) ? "insufficient_float" : "declined";
    case 403:
      return "declined";
    case 401:
      return "unavailable";
    case 409:
      return "duplicate";
    case 429:
      return "rate_limited";
    default:
      return "outcome_unknown";
  }
}

/** What an answer other than 2xx means. Statuses that the contract doesn't name are `outcome_unknown`. */
export function toProviderError(answer: Answer): ProviderError {
  const { code, text } = complaint(parseJson(answer.body));
  return new ProviderError(errorKind(answer.status, code, text), code ?? `http_${answer.status}`);
}

function isSuccess(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** Throws {@link ProviderError}; a 2xx of another shape is `outcome_unknown`. */
export function toCollectionCreated(answer: Answer, paymentHosts: readonly string[]): CollectionCreated {
  if (!isSuccess(answer)) throw toProviderError(answer);
  const parsed = collectionAnswer.safeParse(parseJson(answer.body));
  if (!parsed.success) throw new ProviderError("outcome_unknown", "malformed_answer");
  if (!isPaymentUrl(parsed.data.payment_url, paymentHosts)) {
    throw new ProviderError("declined", "bad_payment_url");
  }
  return { providerReference: parsed.data.transaction_id, paymentUrl: parsed.data.payment_url };
}

/** Throws {@link ProviderError}; a 2xx of another shape is `outcome_unknown`. */
export function toPayoutCreated(answer: Answer): PayoutCreated {
  if (!isSuccess(answer)) throw toProviderError(answer);
  const parsed = payoutAnswer.safeParse(parseJson(answer.body));
  if (!parsed.success) throw new ProviderError("outcome_unknown", "malformed_answer");
  return { providerReference: parsed.data.payout_id };
}
