import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";

/** For reading and printing; for a spreadsheet in the reader's language; for programs. */
export const STATEMENT_FORMATS = ["pdf", "csv", "machine"] as const;

export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

const vaultId = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/, "invalid")
  .optional();

/** A day as it was typed: `readClosedDayRange` says what is wrong with it. */
const day = z.string().max(40, "date_invalid").optional();

/** Which statement: of the available balance in a currency, or of a vault. */
export const statementSchema = z.object({
  currency: z.enum(CURRENCY_CODES, "invalid").default(DEFAULT_CURRENCY),
  vault: vaultId,
  from: day,
  to: day,
});

export type StatementInput = z.infer<typeof statementSchema>;

/** The form that has the worker make a long one. */
export const requestStatementFileSchema = statementSchema.extend({
  format: z.enum(STATEMENT_FORMATS, "invalid"),
});

/** The form that asks for a copy of everything; `secret` is the password or the PIN. */
export const requestDataFileSchema = z.object({ secret: z.string().max(200, "too_long").default("") });
