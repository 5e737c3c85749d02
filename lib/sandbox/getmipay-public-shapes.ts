import type { BookEntry, BookWebhook, PublicDetails } from "./book";
import { json, type Reply } from "./http";
import type { Step } from "./scenario";

export type PublicEntry = BookEntry & { getmipayPublic: PublicDetails };

export function isPublic(entry: BookEntry | null): entry is PublicEntry {
  return entry?.getmipayPublic !== undefined;
}

export function worked(data: object): Reply {
  return json(200, { success: true, message: "OK", data });
}

/** Errors have no codes in this dialect. */
export function refuse(status: number, message: string): Reply {
  return json(status, { success: false, message });
}

/** The dialect has no status for reversed: it shows `failed`. */
function statusOf(entry: BookEntry): string {
  switch (entry.state) {
    case "completed":
      return "success";
    case "failed":
    case "reversed":
      return "failed";
    default:
      return entry.approval === null ? "pending" : "processing";
  }
}

/** 3 %, as one integrator notes. */
function feeOf(amount: number): number {
  return Math.ceil((amount * 3) / 100);
}

/** The answer to an accepted call. `pageUrl` is null where the payer confirms on the phone. */
export function accepted(entry: PublicEntry, pageUrl: string | null): Reply {
  const { amount, currency } = entry;
  const { payId, service, serviceName, needsCode } = entry.getmipayPublic;
  const names = { transaction_reference: entry.id, soleaspay_reference: payId };
  if (entry.kind === "payout") return worked({ ...names, amount, currency, status: "pending" });
  return worked({
    ...names,
    ...{ amount, fee_amount: feeOf(amount), net_amount: amount - feeOf(amount), currency, status: "pending" },
    ...{ service_used: service, service_name: serviceName, otp_required: needsCode, payment_url: pageUrl },
    webhook_urls: { success: entry.callbackUrl || null, failure: entry.callbackUrl || null },
  });
}

/** What really moved, or the amount of the request as long as nothing did. */
function moved(entry: BookEntry): { amount: number; currency: string } {
  return { amount: entry.paidAmount ?? entry.amount, currency: entry.paidCurrency ?? entry.currency };
}

/** `data` of POST /transaction-check. */
export function stateOf(entry: PublicEntry): object {
  const names = { order_id: entry.id, pay_id: entry.getmipayPublic.payId };
  return { ...names, status: statusOf(entry), ...moved(entry), created_at: entry.createdAt };
}

/** Unsigned. No body is documented, so it has the names that integrators read: at the top, or within `data`. */
export function composePublicWebhook(entry: PublicEntry, step: Step): BookWebhook {
  const { payId } = entry.getmipayPublic;
  const details = { soleaspay_reference: payId, status: statusOf(entry), ...moved(entry) };
  const body =
    step.signature === "seed_form"
      ? { data: { order_id: entry.id, ...details } }
      : { transaction_reference: entry.id, ...details };
  return {
    event: `${entry.kind === "payout" ? "payout" : "payin"}.${statusOf(entry)}`,
    body: JSON.stringify(body),
    signature: "none",
    dropped: step.delivery === "dropped" || entry.callbackUrl === "",
    attempts: 0,
    delivered: false,
    lastStatus: null,
  };
}
