import { z } from "zod";
import { log } from "@/lib/log";
import type { Answer } from "../exchange";
import { isPaymentUrl } from "../payment-url";
import {
  type BankAccount,
  type CollectionCreated,
  type CollectionRequest,
  type PayoutCreated,
  type PayoutRequest,
  ProviderError,
} from "../provider";
import { toHundredths } from "./amount";
import { readData } from "./answer";
import { CHANNELS } from "./methods";
import { toTransferReference } from "./reference";
import { TRANSFER_STATUS } from "./state";

const identifier = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const initialized = z.object({ authorization_url: z.string().max(2048), reference: identifier });
const recipient = z.object({ recipient_code: identifier });
const transfer = z.object({ status: z.string(), transfer_code: identifier, reference: identifier });

/** Throws `declined` without an e-mail address or with an unsupported amount: nothing was sent. */
export function toInitializeBody(request: CollectionRequest): object {
  const { email, amount, reference, returnUrl, method, userId, locale } = request;
  if (!email) throw new ProviderError("declined", "email_required");
  const channels = Object.hasOwn(CHANNELS, method) ? { channels: CHANNELS[method] } : {};
  return {
    email,
    amount: toHundredths(amount),
    currency: amount.currency,
    reference,
    callback_url: returnUrl,
    ...channels,
    metadata: { user_id: userId, locale, cancel_action: returnUrl },
  };
}

/** Throws `invalid_destination` unless the payout goes to a bank account in Nigeria. */
export function toBankAccount({ bank, amount }: PayoutRequest): BankAccount {
  if (amount.currency !== "NGN") throw new ProviderError("declined", "unsupported_currency");
  const isAccount =
    bank && /^[0-9]{10}$/.test(bank.accountNumber) && /^[0-9A-Za-z]{2,12}$/.test(bank.bankCode);
  if (!isAccount) throw new ProviderError("invalid_destination", "bank_account_required");
  return bank;
}

export function toRecipientBody({ bankCode, accountNumber, accountName }: BankAccount): object {
  return {
    type: "nuban",
    name: accountName,
    account_number: accountNumber,
    bank_code: bankCode,
    currency: "NGN",
  };
}

export function toTransferBody(request: PayoutRequest, recipientCode: string): object {
  return {
    source: "balance",
    amount: toHundredths(request.amount),
    currency: request.amount.currency,
    recipient: recipientCode,
    reference: toTransferReference(request.reference),
    // Shown on the recipient's statement: they can quote our reference.
    reason: request.reference,
  };
}

/**
 * Its provider reference is the charge's own reference, ours: the transaction's id isn't known before it is paid,
 * and webhooks and queries must have the same one. Throws {@link ProviderError}.
 */
export function toCollectionCreated(
  answer: Answer,
  reference: string,
  paymentHosts: readonly string[],
): CollectionCreated {
  const parsed = initialized.safeParse(readData(answer));
  if (!parsed.success || parsed.data.reference !== reference) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  if (!isPaymentUrl(parsed.data.authorization_url, paymentHosts)) {
    throw new ProviderError("declined", "bad_payment_url");
  }
  return { providerReference: reference, paymentUrl: parsed.data.authorization_url };
}

/** Throws {@link ProviderError}. */
export function toRecipientCode(answer: Answer): string {
  const parsed = recipient.safeParse(readData(answer));
  if (!parsed.success) throw new ProviderError("outcome_unknown", "malformed_answer");
  return parsed.data.recipient_code;
}

/**
 * Throws {@link ProviderError}: `declined` for a transfer that ended at once, `outcome_unknown` for one that waits for
 * a one-time password (somebody may still type it in the dashboard), for another transfer's response, and for any other shape.
 */
export function toPayoutCreated(answer: Answer, reference: string): PayoutCreated {
  const parsed = transfer.safeParse(readData(answer));
  if (!parsed.success || parsed.data.reference !== toTransferReference(reference)) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  const { status, transfer_code: providerReference } = parsed.data;
  if (status === "otp") {
    log.error(
      { reference },
      "Paystack wants a one-time password for transfers: switch that off in its dashboard",
    );
    throw new ProviderError("outcome_unknown", "otp_required");
  }
  switch (TRANSFER_STATUS.get(status)) {
    case "pending":
    case "succeeded":
      return { providerReference };
    case undefined:
      throw new ProviderError("outcome_unknown", "unknown_status");
    default:
      throw new ProviderError("declined", `transfer_${status}`);
  }
}
