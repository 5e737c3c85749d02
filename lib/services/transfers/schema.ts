import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { passkeyAnswer } from "../identity/passkeys/schema";
import { typedPin } from "../identity/pin/schema";

/** A transfer as the form posts it; a missing field is an empty one, and the verb checks all of them at once. */
export const quoteTransferSchema = z.object({
  walletNumber: z.string().max(60, "too_long").default(""),
  amount: z.string().max(60, "too_long").default(""),
  currency: z.enum(CURRENCY_CODES, "invalid").default(DEFAULT_CURRENCY),
  note: z.string().max(1_000, "too_long").default(""),
});

export type QuoteTransfer = z.output<typeof quoteTransferSchema>;

/** The review page confirms what the server kept, by its id, with the person's PIN or passkey. */
export const confirmTransferSchema = z.object({
  quoteId: z.uuid("invalid"),
  pin: typedPin,
  passkey: passkeyAnswer.optional(),
});

export type ConfirmTransfer = z.output<typeof confirmTransferSchema>;
