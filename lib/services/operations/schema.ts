import { z } from "zod";

export const OPERATION_STATUSES = [
  "in_progress",
  "succeeded",
  "failed",
  "expired",
  "refunded",
  "review",
] as const;

/** A page of history. `cursor` is opaque to callers: the id of the last row they saw. */
export const listOperationsSchema = z.object({
  cursor: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .optional()
    .catch(undefined),
  limit: z.coerce.number().int().min(1).max(100).catch(20).default(20),
  type: z.enum(["deposit", "withdrawal"]).optional().catch(undefined),
  status: z.enum(OPERATION_STATUSES).optional().catch(undefined),
  text: z.string().trim().max(40).optional().catch(undefined),
});

export type ListOperations = z.infer<typeof listOperationsSchema>;
