import { z } from "zod";

/** A top-up as the form posts it; a missing field is an empty one, and the verb checks all of them at once. */
export const startDepositSchema = z.object({
  amount: z.string().max(60, "too_long").default(""),
  phone: z.string().max(60, "too_long").default(""),
  method: z.string().max(40, "too_long").default(""),
  currency: z.enum(["XOF"]).default("XOF"),
  /** The form's idempotency key, made when it was rendered. */
  key: z.string().min(1).max(255),
});

export type StartDeposit = z.infer<typeof startDepositSchema>;
