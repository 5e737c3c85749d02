import { z } from "zod";
import { cancelDeposit } from "@/lib/services/deposits/cancel-deposit";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";
import { defineCall } from "../define-call";
import { apiStatus, statusOutput } from "./answer-fields";

/** POST /api/wallet/deposit/{reference}/cancel: gives up an unpaid deposit; any other is answered as it stands. */
export const cancelDepositCall = defineCall(
  {
    method: "POST",
    path: "/api/wallet/deposit/{reference}/cancel",
    tag: "Wallet",
    summary: "Cancel an unpaid deposit",
    description:
      "The provider isn't told: a payment that still comes is credited, and then the status is `success`.",
    access: { permission: "deposit" },
    params: z.object({ reference: z.string().max(64) }),
    answer: {
      status: 200,
      description: "How the deposit stands: `failed` when it was cancelled, now or before.",
      schema: z.object({
        reference: z.string().meta({ example: "TXN-7K2M9QXA4B3C" }),
        status: statusOutput,
        amount: amountOutput,
        amount_minor: amountMinorOutput,
        currency: currencyOutput,
      }),
    },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const operation = await cancelDeposit(context, params.reference);
    return {
      body: {
        reference: operation.reference,
        status: apiStatus(operation.status),
        ...amountFields(operation.amount),
      },
    };
  },
);
