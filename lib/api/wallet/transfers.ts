import { z } from "zod";
import { ERROR_TABLE } from "@/lib/http/error-table";
import { type ListedTransfer, sendTransfers, TRANSFERS_MAX } from "@/lib/services/transfers/send-transfers";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput, moneyInput } from "../amount";
import { defineCall } from "../define-call";
import { REPLAYED } from "./answer-fields";
import { transferInput } from "./transfer-input";

const REFUSALS = [
  "insufficient_funds",
  "recipient_not_found",
  "recipient_is_self",
  "money_out_limited",
] as const;

const transferOutput = z.object({
  status: z.enum(["success", "failed"]),
  wallet_number: z.string().meta({ example: "1234567890128" }),
  amount: amountOutput,
  amount_minor: amountMinorOutput,
  currency: currencyOutput,
  reference: z.string().nullable().describe("Null when it failed.").meta({ example: "TXN-7K2M9QXA4B3C" }),
  code: z.enum(REFUSALS).nullable().describe("Why it failed; null when it didn't."),
  detail: z.string().nullable().describe("The same as a sentence."),
});

/** POST /api/wallet/transfers: a list in one transaction, a verdict for each. */
export const transfers = defineCall(
  {
    method: "POST",
    path: "/api/wallet/transfers",
    tag: "Wallet",
    summary: "Transfer to many wallets",
    description:
      `Up to ${TRANSFERS_MAX} transfers, carried out in their order; one that is refused doesn't affect the others. A list ` +
      "with a field that can't be read is refused as a whole, before anything moves. The idempotency key stands for the " +
      "whole list: sent again, it answers the first verdicts, refusals included. Each transfer counts towards the account's " +
      "transfers a minute (6,000 unless configured): a list that is longer than what is left is refused with 429 as a whole.",
    access: { permission: "transfer" },
    idempotent: true,
    transfersIn: (body) => body.transfers.length,
    // Five hundred of the longest notes, each character escaped.
    bodyBytesMax: 1024 * 1024,
    body: z.strictObject({
      transfers: z.array(transferInput).min(1, "required").max(TRANSFERS_MAX, "too_long"),
    }),
    bodyExample: {
      transfers: [
        { wallet_number: "1234567890128", amount: 300000 },
        { wallet_number: "9876543210987", amount: 150000, note: "June" },
      ],
    },
    answer: {
      status: 200,
      description: "One verdict a transfer, in order.",
      schema: z.object({
        transfers: z.array(transferOutput),
        count: z.int().describe("How many the list held.").meta({ example: 1 }),
        sent: z.int().describe("How many of them were moved.").meta({ example: 1 }),
      }),
    },
    errors: ["wallet_frozen", "idempotency_mismatch", "unavailable", "outcome_unknown"],
  },
  async ({ context, body, key }) => {
    const done = await sendTransfers(context, {
      transfers: body.transfers.map(({ wallet_number, amount, currency, note }) => ({
        walletNumber: wallet_number,
        amount: moneyInput(amount, currency),
        note: note ?? null,
      })),
      key,
    });
    const sent = done.transfers.filter(({ refusal }) => refusal === null).length;
    return {
      body: { transfers: done.transfers.map(present), count: done.transfers.length, sent },
      headers: done.replayed ? REPLAYED : {},
    };
  },
);

function present({
  walletNumber,
  amount,
  reference,
  refusal,
}: ListedTransfer): z.input<typeof transferOutput> {
  return {
    status: refusal === null ? "success" : "failed",
    wallet_number: walletNumber,
    ...amountFields(amount),
    reference,
    code: refusal,
    detail: refusal === null ? null : ERROR_TABLE[refusal].detail,
  };
}
