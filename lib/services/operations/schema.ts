import { z } from "zod";
import { CURRENCY_CODES } from "@/lib/money/currency";

export const OPERATION_STATUSES = [
  "in_progress",
  "succeeded",
  "failed",
  "expired",
  "refunded",
  "review",
] as const;

export const OPERATION_TYPE_NAMES = [
  "deposit",
  "withdrawal",
  "transfer",
  "vault_deposit",
  "vault_withdrawal",
] as const;

const status = z.enum(OPERATION_STATUSES);

/** A page of history. `cursor` is opaque to callers: the id of the last row they saw. Wrong values count as absent. */
export const listOperationsSchema = z.object({
  cursor: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .optional()
    .catch(undefined),
  limit: z.coerce.number().int().min(1).max(100).catch(20).default(20),
  type: z.enum(OPERATION_TYPE_NAMES).optional().catch(undefined),
  status: z
    .union([status, z.array(status)])
    .optional()
    .catch(undefined),
  currency: z.enum(CURRENCY_CODES).optional().catch(undefined),
  /** From this instant on. */
  from: z.date().optional().catch(undefined),
  /** Before this instant. */
  to: z.date().optional().catch(undefined),
  text: z.string().trim().max(40).optional().catch(undefined),
});

export type ListOperations = z.infer<typeof listOperationsSchema>;
