import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { passkeyAnswer } from "../identity/passkeys/schema";
import { typedPin } from "../identity/pin/schema";

/** A withdrawal as the form posts it. A missing field is read as empty: the verb reports all issues at once. */
export const quoteWithdrawalSchema = z.object({
  amount: z.string().max(60, "too_long").default(""),
  /** Used only by methods that ask for a phone. */
  phone: z.string().max(60, "too_long").default(""),
  /** Empty in NGN: a bank account. */
  method: z.string().max(40, "too_long").default(""),
  currency: z.enum(CURRENCY_CODES).default(DEFAULT_CURRENCY),
  /** A code of `listBanks`. Used, with the account number, only by methods that ask for a bank account. */
  bankCode: z.string().max(40, "too_long").default(""),
  accountNumber: z.string().max(60, "too_long").default(""),
});

/** Before parsing: every field may be absent. */
export type TypedWithdrawal = z.input<typeof quoteWithdrawalSchema>;

/** The review page confirms what the server kept, by its id, with the person's PIN or passkey. */
export const confirmWithdrawalSchema = z.object({
  quoteId: z.uuid(),
  pin: typedPin,
  passkey: passkeyAnswer.optional(),
});

export type ConfirmWithdrawal = z.infer<typeof confirmWithdrawalSchema>;
