import { phoneCountryOf } from "@/lib/phone";
import type { Answer, Fields } from "../../exchange";
import { isPaymentUrl } from "../../payment-url";
import {
  type CollectionCreated,
  type CollectionRequest,
  type Direction,
  type PayoutCreated,
  type PayoutRequest,
  ProviderError,
} from "../../provider";
import { toFrancs } from "../mapper";
import type { Service } from "../services";
import { identifier, readData } from "./answer";

/** A required field, filled without the person's name. */
const CUSTOMER_NAME = "Client Cauris";

/** E.164 without the plus, as they want it. Throws `invalid_destination`. */
export function toWallet(phone: string): string {
  if (!/^\+[1-9][0-9]{7,14}$/.test(phone))
    throw new ProviderError("invalid_destination", "unsupported_phone");
  return phone.slice(1);
}

/** The `service` header for a method in the phone's country. Throws `declined`: nothing was sent. */
export function serviceOf(
  { method, phone }: { method: string; phone: string },
  direction: Direction,
  services: readonly Service[],
): string {
  const country = phoneCountryOf(phone);
  const service = services.find(
    (each) => each.method === method && each.country === country && each.direction === direction,
  );
  if (!service) throw new ProviderError("declined", "unsupported_method");
  return service.id;
}

/** The documented body. There is no field for our reference: it stands in the description, for people's eyes. */
function toBody(request: CollectionRequest | PayoutRequest) {
  return {
    amount: toFrancs(request.amount),
    currency: request.amount.currency,
    wallet: toWallet(request.phone),
    description: `Cauris ${request.reference}`,
    customer_name: CUSTOMER_NAME,
  };
}

/** `callbackUrl` is the request's own, with the HMAC of our reference. */
export function toPayinBody(request: CollectionRequest, callbackUrl: string): object {
  const email = request.email === undefined ? {} : { customer_email: request.email };
  return { ...toBody(request), ...email, callback_url: callbackUrl };
}

/** No `callback_url`: it is documented for collections only. */
export function toPayoutBody(request: PayoutRequest): object {
  return toBody(request);
}

/** Both of their ids of one transaction, because a query is documented with both. */
export function joinReferences(orderId: string, payId: string): string {
  return `${orderId}/${payId}`;
}

function readReferences(data: Fields): string {
  const orderId = identifier(data.transaction_reference);
  const payId = identifier(data.soleaspay_reference);
  if (orderId === null || payId === null) throw new ProviderError("outcome_unknown", "malformed_answer");
  return joinReferences(orderId, payId);
}

/**
 * `payment_url` is often null: the payer confirms on the phone, and the browser goes to the return URL.
 * On an unknown host it is `outcome_unknown`: a prompt may be on the phone all the same. Throws {@link ProviderError}.
 */
export function toCollectionCreated(
  answer: Answer,
  request: Pick<CollectionRequest, "returnUrl">,
  paymentHosts: readonly string[],
): CollectionCreated {
  const data = readData(answer, "collection");
  const providerReference = readReferences(data);
  const { payment_url: url } = data;
  if (url === null || url === undefined || url === "")
    return { providerReference, paymentUrl: request.returnUrl };
  if (typeof url !== "string" || !isPaymentUrl(url, paymentHosts)) {
    throw new ProviderError("outcome_unknown", "bad_payment_url");
  }
  return { providerReference, paymentUrl: url };
}

/** Throws {@link ProviderError}; a 2xx of another shape is `outcome_unknown`. */
export function toPayoutCreated(answer: Answer): PayoutCreated {
  return { providerReference: readReferences(readData(answer, "payout")) };
}
