import { z } from "zod";

/** A withdrawal as the form posts it; what the words mean is checked by the verb, all fields at once. */
export const quoteWithdrawalSchema = z.object({
  amount: z.string().max(60),
  phone: z.string().max(60),
  method: z.string().max(40),
  currency: z.enum(["XOF"]).default("XOF"),
});

export type QuoteWithdrawal = z.infer<typeof quoteWithdrawalSchema>;

/** The review page confirms what the server kept, by its id: there is nothing else to forge. */
export const confirmWithdrawalSchema = z.object({ quoteId: z.uuid() });

export type ConfirmWithdrawal = z.infer<typeof confirmWithdrawalSchema>;
