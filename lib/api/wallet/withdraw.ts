import { z } from "zod";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import {
  amountFields,
  amountInput,
  amountMinorOutput,
  amountOutput,
  currencyInput,
  currencyOutput,
  minorUnits,
} from "../amount";
import { defineCall } from "../define-call";
import { REPLAYED, statusOutput } from "./answer-fields";

/** POST /api/wallet/withdraw: reserves the money and answers; the provider is called afterwards. */
export const withdraw = defineCall(
  {
    method: "POST",
    path: "/api/wallet/withdraw",
    tag: "Wallet",
    summary: "Withdraw",
    description:
      "NGN goes to a Nigerian bank account (`bank_code`, `account_number`); XOF to a mobile wallet (`method`, and " +
      "`phone` unless the user has one). `GET /api/wallet/operations/{reference}` says how it ended.",
    access: { permission: "withdraw" },
    idempotent: true,
    body: z.strictObject({
      amount: amountInput,
      currency: currencyInput,
      method: z.string().max(40).optional().describe("Such as wave, orange_money, bank."),
      phone: z.string().max(60).optional().describe("Who receives, for XOF."),
      bank_code: z.string().max(40).optional(),
      account_number: z.string().max(60).optional(),
    }),
    bodyExample: { amount: 100000, currency: "XOF", method: "wave", phone: "+22670000001" },
    answer: {
      status: 200,
      description: "The withdrawal is under way.",
      links: {
        find: {
          method: "GET",
          path: "/api/wallet/operations/{reference}",
          parameters: { reference: "reference" },
        },
      },
      schema: z.object({
        reference: z.string().meta({ example: "TXN-7K2M9QXA4B3C" }),
        status: statusOutput,
        amount: amountOutput,
        amount_minor: amountMinorOutput,
        currency: currencyOutput,
        fee_minor: z.int().meta({ example: 0 }),
      }),
    },
    errors: [
      "wallet_frozen",
      "money_out_limited",
      "insufficient_funds",
      "method_unavailable",
      "invalid_destination",
      "idempotency_mismatch",
      "provider_unavailable",
    ],
  },
  async ({ context, body, key }) => {
    const { bank_code: bankCode, account_number: accountNumber } = body;
    const hasBank = bankCode !== undefined || accountNumber !== undefined;
    const placed = await requestApiWithdrawal(context, {
      amountMinor: BigInt(body.amount),
      currency: body.currency,
      method: body.method ?? null,
      phone: body.phone ?? null,
      bank: hasBank ? { bankCode: bankCode ?? "", accountNumber: accountNumber ?? "" } : null,
      key,
    });
    return {
      body: {
        reference: placed.reference,
        // As it was answered the first time: a replay says the same.
        status: "pending",
        ...amountFields(placed.amount),
        fee_minor: minorUnits(placed.fee),
      },
      headers: placed.replayed ? REPLAYED : {},
    };
  },
);
