import { z } from "zod";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { OPERATION_STATUSES, OPERATION_TYPES } from "./kinds";

/** Longer text is cut: nothing that can be found is longer. */
const SEARCH_LENGTH_MAX = 140;

const status = z.enum(OPERATION_STATUSES);

/** A page of history. `cursor` is opaque to callers: the id of the last row they saw. Wrong values count as absent. */
export const listOperationsSchema = z.object({
  cursor: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .optional()
    .catch(undefined),
  limit: z.coerce.number().int().min(1).max(100).catch(20).default(20),
  type: z.enum(OPERATION_TYPES).optional().catch(undefined),
  status: z
    .union([status, z.array(status)])
    .optional()
    .catch(undefined),
  currency: z.enum(CURRENCY_CODES).optional().catch(undefined),
  /** From this instant on. */
  from: z.date().optional().catch(undefined),
  /** Before this instant. */
  to: z.date().optional().catch(undefined),
  text: z
    .string()
    .transform((typed) => typed.slice(0, SEARCH_LENGTH_MAX))
    .optional()
    .catch(undefined),
});

export type ListOperations = z.infer<typeof listOperationsSchema>;
