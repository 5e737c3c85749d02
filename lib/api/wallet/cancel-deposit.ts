import { cancelDeposit } from "@/lib/services/deposits/cancel-deposit";
import { defineCall } from "../define-call";
import { depositAnswer, depositParams, presentDeposit } from "./deposit-answer";

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
    params: depositParams,
    answer: {
      status: 200,
      description: "How the deposit stands: `failed` when it was cancelled, now or before.",
      schema: depositAnswer,
    },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const operation = await cancelDeposit(context, params.reference);
    return { body: presentDeposit(operation) };
  },
);
