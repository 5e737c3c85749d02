import { type Answer, type Fields, isFields } from "../exchange";
import { ProviderError, type ProviderState, type ProviderStatus } from "../provider";
import { readPaidAt } from "../read-instant";
import { readAmount, readCharge } from "./amount";
import { isNotFound, readData } from "./answer";
import { fromChargeReference, fromTransferReference } from "./reference";

/**
 * Status of a charge → ours. A charge is `abandoned` from its initialization until somebody pays it, so that is no
 * failure.
 */
export const CHARGE_STATUS = new Map<string, ProviderStatus>([
  ["success", "succeeded"],
  ["successful", "succeeded"],
  ["paid", "succeeded"],
  ["failed", "failed"],
  ["reversed", "reversed"],
  ["abandoned", "pending"],
  ["pending", "pending"],
  ["ongoing", "pending"],
  ["processing", "pending"],
  ["queued", "pending"],
]);

/** Status of a transfer → ours. Here `abandoned` is conclusive: its one-time password never came. */
export const TRANSFER_STATUS = new Map<string, ProviderStatus>([
  ["success", "succeeded"],
  ["successful", "succeeded"],
  ["paid", "succeeded"],
  ["failed", "failed"],
  ["abandoned", "failed"],
  ["blocked", "failed"],
  ["rejected", "failed"],
  ["reversed", "reversed"],
  ["pending", "pending"],
  ["otp", "pending"],
  ["received", "pending"],
]);

const NOT_FOUND: ProviderState = {
  status: "not_found",
  providerReference: null,
  amount: null,
  currencyCode: null,
  reasonCode: null,
  live: null,
};

export function identifier(value: unknown): string | null {
  return typeof value === "string" && /^[\x21-\x7e]{1,128}$/.test(value) ? value : null;
}

/** Paystack's reason as a code: letters only, because free text could contain a phone or card number. */
function reasonCode(data: Fields, status: ProviderStatus): string | null {
  const { gateway_response: response } = data;
  if (status === "succeeded" || typeof response !== "string") return null;
  const code = response.toLowerCase().replace(/[^a-z]+/g, "_");
  return code.replace(/^_+/, "").slice(0, 40).replace(/_+$/, "") || null;
}

export function readLive(domain: unknown): boolean | null {
  return domain === "live" ? true : domain === "test" ? false : null;
}

/** Paystack's words, compared without case and spaces; null for one that isn't known. */
export function readStatus(
  data: Fields,
  statuses: ReadonlyMap<string, ProviderStatus>,
): ProviderStatus | null {
  return statuses.get(typeof data.status === "string" ? data.status.trim().toLowerCase() : "") ?? null;
}

/** An unknown status isn't final: pending. */
function statusOf(data: Fields, statuses: ReadonlyMap<string, ProviderStatus>): ProviderStatus {
  return readStatus(data, statuses) ?? "pending";
}

/** The state of a charge, from a query or a webhook alike. */
export function chargeState(data: Fields): ProviderState {
  const status = statusOf(data, CHARGE_STATUS);
  return {
    status,
    providerReference: fromChargeReference(data.reference),
    ...readCharge(data),
    reasonCode: reasonCode(data, status),
    live: readLive(data.domain),
    ...(status === "succeeded" ? readPaidAt((name) => data[name]) : {}),
  };
}

/** The state of a transfer, from a query or a webhook alike. */
export function transferState(data: Fields): ProviderState {
  const status = statusOf(data, TRANSFER_STATUS);
  return {
    status,
    providerReference: identifier(data.transfer_code),
    ...readAmount(data.amount, data.currency),
    reasonCode: reasonCode(data, status),
    live: readLive(data.domain),
  };
}

function readState(answer: Answer, isQueried: (data: Fields) => boolean): Fields | null {
  if (isNotFound(answer)) return null;
  const data = readData(answer);
  // A response about something else says nothing about this.
  if (!isFields(data) || typeof data.status !== "string" || !isQueried(data)) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  return data;
}

/** Throws {@link ProviderError} when the answer isn't a state of the charge `reference`. */
export function toCollectionState(answer: Answer, reference: string): ProviderState {
  const data = readState(answer, (data) => data.reference === reference);
  return data ? chargeState(data) : NOT_FOUND;
}

/** Throws {@link ProviderError} when the answer isn't a state of the transfer that pays out `reference`. */
export function toPayoutState(answer: Answer, reference: string): ProviderState {
  const data = readState(answer, (data) => fromTransferReference(data.reference) === reference);
  return data ? transferState(data) : NOT_FOUND;
}
