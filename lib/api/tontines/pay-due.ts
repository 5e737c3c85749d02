import { z } from "zod";
import { payDue } from "@/lib/services/tontines/money/pay-due";
import { amountInput } from "../amount";
import { defineCall } from "../define-call";
import { REPLAYED } from "../wallet/answer-fields";

const answer = z.object({
  references: z
    .array(z.string().meta({ example: "TXN-7K2M9QXA4B3C" }))
    .describe("Of the operations in the payer's history."),
  amount_minor: z.int().describe("What left the wallet, in minor units.").meta({ example: 10000 }),
});

/** POST /api/tontines/dues/{id}/pay: one due of a group, the person's own or another member's. */
export const payDueCall = defineCall(
  {
    method: "POST",
    path: "/api/tontines/dues/{id}/pay",
    tag: "Tontines",
    summary: "Pay a due",
    description:
      "Without a body what is open is paid; an amount pays a part where the group's rules allow it, and what is more is kept " +
      "for the member's next dues. Votes and approvals are never given by the API.",
    access: { permission: "tontine:pay" },
    idempotent: true,
    params: z.object({
      id: z
        .string()
        .regex(/^[1-9][0-9]{0,17}$/, "wrong_format")
        .meta({ example: "204" }),
    }),
    body: z.strictObject({
      amount: amountInput
        .optional()
        .describe("Integer minor units of the group's currency; without it all that is open."),
    }),
    bodyExample: { amount: 10000 },
    bodyOptional: true,
    answer: { status: 200, description: "Paid.", schema: answer },
    errors: [
      "not_found",
      "tontine_not_now",
      "insufficient_funds",
      "wallet_frozen",
      "money_out_limited",
      "idempotency_mismatch",
      "unavailable",
      "outcome_unknown",
    ],
  },
  async ({ context, params, body, key }) => {
    const amountMinor = body.amount === undefined ? null : BigInt(body.amount);
    const paid = await payDue(context, { dueId: BigInt(params.id), amountMinor, key });
    return {
      body: { references: paid.references, amount_minor: Number(paid.totalMinor) },
      headers: paid.replayed ? REPLAYED : {},
    };
  },
);
