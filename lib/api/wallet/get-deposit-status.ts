import { DomainError } from "@/lib/errors";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation } from "@/lib/services/operations/get-operation";
import { defineCall } from "../define-call";
import { depositAnswer, depositParams, presentDeposit } from "./deposit-answer";

/** GET /api/wallet/deposit/{reference}/status: only reads; a deposit that still waits has the worker ask its provider. */
export const getDepositStatus = defineCall(
  {
    method: "GET",
    path: "/api/wallet/deposit/{reference}/status",
    tag: "Wallet",
    summary: "Deposit status",
    description: "Never credits: only the provider's confirmation does.",
    access: { permission: "read" },
    params: depositParams,
    answer: {
      status: 200,
      description: "How the deposit stands.",
      schema: depositAnswer,
    },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const operation = await getOperation(context, params.reference);
    if (operation.type !== "deposit") throw new DomainError("not_found");
    await requestDepositCheck(context, operation);
    return { body: presentDeposit(operation) };
  },
);
