import { z } from "zod";
import { DomainError } from "@/lib/errors";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation } from "@/lib/services/operations/get-operation";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";
import { defineCall } from "../define-call";
import { apiStatus, statusOutput } from "./answer-fields";

/** GET /api/wallet/deposit/{reference}/status: only reads; a deposit that still waits has the worker ask its provider. */
export const getDepositStatus = defineCall(
  {
    method: "GET",
    path: "/api/wallet/deposit/{reference}/status",
    tag: "Wallet",
    summary: "Deposit status",
    description: "Never credits: only the provider's confirmation does.",
    access: { permission: "read" },
    params: z.object({ reference: z.string().max(64) }),
    answer: {
      status: 200,
      description: "How the deposit stands.",
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
    const operation = await getOperation(context, params.reference);
    if (operation.type !== "deposit") throw new DomainError("not_found");
    await requestDepositCheck(context, operation);
    return {
      body: {
        reference: operation.reference,
        status: apiStatus(operation.status),
        ...amountFields(operation.amount),
      },
    };
  },
);
