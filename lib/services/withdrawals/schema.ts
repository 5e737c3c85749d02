import { z } from "zod";

/** A withdrawal as the form posts it; a missing field is an empty one, and the verb checks all of them at once. */
export const quoteWithdrawalSchema = z.object({
  amount: z.string().max(60, "too_long").default(""),
  phone: z.string().max(60, "too_long").default(""),
  method: z.string().max(40, "too_long").default(""),
  currency: z.enum(["XOF"]).default("XOF"),
});

export type QuoteWithdrawal = z.infer<typeof quoteWithdrawalSchema>;

/** The review page confirms what the server kept, by its id: there is nothing else to forge. */
export const confirmWithdrawalSchema = z.object({ quoteId: z.uuid() });

export type ConfirmWithdrawal = z.infer<typeof confirmWithdrawalSchema>;
