import { z } from "zod";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput, moneyInput } from "../amount";
import { defineCall } from "../define-call";
import { REPLAYED } from "./answer-fields";
import { transferInput } from "./transfer-input";

/** POST /api/wallet/transfer: the money is there when this answers. */
export const transfer = defineCall(
  {
    method: "POST",
    path: "/api/wallet/transfer",
    tag: "Wallet",
    summary: "Transfer to another wallet",
    description:
      "At once and for good. Without `currency` the amount is in NGN. A refusal is not kept: after topping up, the same " +
      "idempotency key may succeed. To pay many at once, send a list to `/api/wallet/transfers`.",
    access: { permission: "transfer" },
    idempotent: true,
    transfersIn: () => 1,
    body: transferInput,
    bodyExample: { wallet_number: "1234567890128", amount: 300000 },
    answer: {
      status: 200,
      description: "The money was moved.",
      links: {
        find: { method: "GET", path: "/api/wallet/transactions", parameters: { q: "reference" } },
      },
      schema: z.object({
        status: z.literal("success"),
        message: z.literal("Transfer completed"),
        reference: z.string().meta({ example: "TXN-7K2M9QXA4B3C" }),
        amount: amountOutput,
        amount_minor: amountMinorOutput,
        currency: currencyOutput,
      }),
    },
    errors: [
      "wallet_frozen",
      "money_out_limited",
      "insufficient_funds",
      "recipient_not_found",
      "recipient_is_self",
      "idempotency_mismatch",
      "unavailable",
      "outcome_unknown",
    ],
  },
  async ({ context, body, key }) => {
    const sent = await sendTransfer(context, {
      walletNumber: body.wallet_number,
      amount: moneyInput(body.amount, body.currency),
      note: body.note ?? null,
      key,
    });
    return {
      body: {
        status: "success",
        message: "Transfer completed",
        reference: sent.reference,
        ...amountFields(sent.amount),
      },
      headers: sent.replayed ? REPLAYED : {},
    };
  },
);
