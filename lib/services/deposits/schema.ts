import { z } from "zod";

/** A top-up as the form posts it; what the words mean is checked by the verb, all fields at once. */
export const startDepositSchema = z.object({
  amount: z.string().max(60),
  phone: z.string().max(60),
  method: z.string().max(40),
  currency: z.enum(["XOF"]).default("XOF"),
  /** The form's idempotency key, made when it was rendered. */
  key: z.string().min(1).max(255),
});

export type StartDeposit = z.infer<typeof startDepositSchema>;
