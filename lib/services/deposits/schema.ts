import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";

/** A top-up as the form posts it. A missing field is read as empty: the verb reports all issues at once. */
export const startDepositSchema = z.object({
  amount: z.string().max(60, "too_long").default(""),
  /** Used only by methods that ask for a phone. */
  phone: z.string().max(60, "too_long").default(""),
  /** Empty in NGN: the payer chooses on the payment page. */
  method: z.string().max(40, "too_long").default(""),
  currency: z.enum(CURRENCY_CODES).default(DEFAULT_CURRENCY),
  /** The form's idempotency key, made when it was rendered. */
  key: z.string().min(1).max(255),
});

/** An unpaid top-up that its owner gives up. */
export const cancelDepositSchema = z.object({ reference: z.string().regex(/^[A-Z0-9-]{1,64}$/) });

export type StartDeposit = z.infer<typeof startDepositSchema>;
