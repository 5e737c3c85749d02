import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";

/** A request as the form posts it; a missing field is an empty one, and the verb checks all of them at once. */
export const createMoneyRequestSchema = z.object({
  /** Who is asked: a wallet number or a phone number; empty for a link that anybody may pay. */
  walletNumber: z.string().max(60, "too_long").default(""),
  amount: z.string().max(60, "too_long").default(""),
  currency: z.enum(CURRENCY_CODES, "invalid").default(DEFAULT_CURRENCY),
  note: z.string().max(1_000, "too_long").default(""),
  /** The form's idempotency key, made when it was rendered. */
  key: z.string().min(1).max(255),
});

export type CreateMoneyRequest = z.output<typeof createMoneyRequestSchema>;

/** One request, and the token of its link where the person isn't the one who is asked by name. */
export const moneyRequestSchema = z.object({
  requestId: z.string().max(40).default(""),
  token: z.string().max(60).default(""),
});

export type NamedMoneyRequest = z.output<typeof moneyRequestSchema>;

export const unblockSchema = z.object({ walletNumber: z.string().max(60).default("") });
