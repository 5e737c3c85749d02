import { createApiMoneyRequest } from "@/lib/services/money-requests/create-api-money-request";
import { getMoneyRequest } from "@/lib/services/money-requests/get-money-request";
import { moneyInput } from "../amount";
import { defineCall } from "../define-call";
import { REPLAYED } from "./answer-fields";
import { presentRequest, requestAnswer } from "./request-answer";
import { transferInput } from "./transfer-input";

/** POST /api/wallet/requests: asks for money; the payer confirms with a PIN on our pages. */
export const createRequest = defineCall(
  {
    method: "POST",
    path: "/api/wallet/requests",
    tag: "Wallet",
    summary: "Request money",
    description:
      "Send the payer to `url`, or name a `wallet_number`, whose owner is told. It is paid once, in full, and expires after 7 days. " +
      "Without `currency` the amount is in NGN. At most 20 are open at once.",
    access: { permission: "deposit" },
    idempotent: true,
    body: transferInput.partial({ wallet_number: true }),
    bodyExample: { amount: 300000, note: "Order 1207" },
    answer: {
      status: 200,
      description: "The request is open.",
      links: {
        status: { method: "GET", path: "/api/wallet/requests/{id}", parameters: { id: "id" } },
      },
      schema: requestAnswer,
    },
    errors: ["recipient_not_found", "recipient_is_self", "idempotency_mismatch"],
  },
  async ({ context, body, key }) => {
    const { requestId, replayed } = await createApiMoneyRequest(context, {
      walletNumber: body.wallet_number ?? null,
      amount: moneyInput(body.amount, body.currency),
      note: body.note ?? null,
      key,
    });
    const request = await getMoneyRequest(context, requestId);
    return { body: presentRequest(request), headers: replayed ? REPLAYED : {} };
  },
);
