import { z } from "zod";
import { config } from "@/lib/config";
import type { MoneyRequestView } from "@/lib/services/money-requests/view";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";

/** A request for money as the API answers it. */
export const requestAnswer = z.object({
  id: z.uuid().meta({ example: "3f2b8a1c-6d4e-4f5a-9b7c-2d1e0f9a8b7c" }),
  status: z.enum(["open", "paid", "declined", "cancelled", "expired"]),
  amount: amountOutput,
  amount_minor: amountMinorOutput,
  currency: currencyOutput,
  note: z.string().nullable().meta({ example: "Order 1207" }),
  url: z
    .string()
    .nullable()
    .describe("Where it is paid; for the one who asks.")
    .meta({ example: "https://wallet.example/r/4T8sX0cTq1m5d8Qk2Yp3Zg" }),
  payer_wallet_number: z
    .string()
    .nullable()
    .describe("Who is asked; null where whoever has the link may pay.")
    .meta({ example: "1234567890128" }),
  reference: z
    .string()
    .nullable()
    .describe("The transfer that paid it.")
    .meta({ example: "TXN-7K2M9QXA4B3C" }),
  created_at: z.iso.datetime().meta({ example: "2026-11-30T08:00:00.000Z" }),
  expires_at: z.iso.datetime().meta({ example: "2026-12-07T08:00:00.000Z" }),
});

export function presentRequest(request: MoneyRequestView): z.output<typeof requestAnswer> {
  const { id, status, amount, note, token, payer, paymentReference, createdAt, expiresAt } = request;
  return {
    id,
    status,
    ...amountFields(amount),
    note,
    url: token === null ? null : new URL(`/r/${token}`, config().baseUrl).href,
    payer_wallet_number: payer?.walletNumber ?? null,
    reference: paymentReference,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}
