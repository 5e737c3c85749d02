import { z } from "zod";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import {
  amountFields,
  amountInput,
  amountMinorOutput,
  amountOutput,
  currencyInput,
  currencyOutput,
} from "../amount";
import { defineCall } from "../define-call";
import { apiStatus, REPLAYED, statusOutput } from "./answer-fields";

/** POST /api/wallet/deposit: answers where the payer pays; the wallet is credited when the provider has confirmed. */
export const initiateDeposit = defineCall(
  {
    method: "POST",
    path: "/api/wallet/deposit",
    tag: "Wallet",
    summary: "Initiate a deposit",
    description:
      "Without `currency` the deposit is in NGN, by card or bank. XOF comes from a mobile wallet and needs `method`, and " +
      "`phone` unless the user has one. Send the payer to `authorization_url`.",
    access: { permission: "deposit" },
    idempotent: true,
    body: z.strictObject({
      amount: amountInput,
      currency: currencyInput,
      method: z.string().max(40).optional().describe("Such as wave, orange_money, card, bank."),
      phone: z.string().max(60).optional().describe("Of the payer, for XOF."),
      return_url: z
        .string()
        .max(2000)
        .optional()
        .describe(
          "Where the payer's browser goes afterwards: an http(s) address in visible ASCII, without credentials and backslashes. Proves nothing: ask for the status.",
        )
        .meta({
          pattern:
            "^[Hh][Tt][Tt][Pp][Ss]?://[\\x21-\\x2e\\x30-\\x3f\\x41-\\x5b\\x5d-\\x7e]+(/[\\x21-\\x5b\\x5d-\\x7e]*)?$",
        }),
    }),
    bodyExample: { amount: 500000 },
    answer: {
      status: 200,
      description: "The payment page.",
      links: {
        status: {
          method: "GET",
          path: "/api/wallet/deposit/{reference}/status",
          parameters: { reference: "reference" },
        },
      },
      schema: z.object({
        reference: z.string().meta({ example: "TXN-7K2M9QXA4B3C" }),
        authorization_url: z.string().nullable().meta({ example: "https://checkout.example/7K2M9QXA4B3C" }),
        amount: amountOutput,
        amount_minor: amountMinorOutput,
        currency: currencyOutput,
        status: statusOutput,
      }),
    },
    errors: [
      "method_unavailable",
      "idempotency_mismatch",
      "idempotency_in_progress",
      "provider_declined",
      "invalid_destination",
      "provider_unavailable",
      "outcome_unknown",
    ],
  },
  async ({ context, body, key }) => {
    const started = await startApiDeposit(context, {
      amountMinor: BigInt(body.amount),
      currency: body.currency,
      method: body.method ?? null,
      phone: body.phone ?? null,
      returnUrl: body.return_url ?? null,
      key,
    });
    return {
      body: {
        reference: started.reference,
        authorization_url: started.paymentUrl,
        ...amountFields(started.amount),
        // As it was answered the first time; without a payment page it was paid before one was known.
        status: started.paymentUrl === null ? apiStatus(started.status) : "pending",
      },
      headers: started.replayed ? REPLAYED : {},
    };
  },
);
