import { z } from "zod";
import { isWalletNumber } from "@/lib/ids";
import { findNoteProblem, NOTE_LENGTH_MAX } from "@/lib/services/transfers/check-transfer";
import { ONE_LINE_PATTERN, stripInvisible } from "@/lib/text";
import { amountInput, currencyInput } from "../amount";

const walletNumber = z
  .string()
  .overwrite((typed) => stripInvisible(typed).trim())
  .refine(isWalletNumber, "wallet_number_invalid")
  .describe("The recipient's 13 digits; the last one is a check digit.")
  .meta({ pattern: "^[1-9][0-9]{12}$", example: "1234567890128" });

const note = z
  .string()
  .refine((text) => findNoteProblem(text) !== "too_long", "too_long")
  .refine((text) => findNoteProblem(text) !== "not_one_line", "not_one_line")
  .optional()
  .describe(`Seen by both: at most ${NOTE_LENGTH_MAX} characters on one line.`)
  .meta({ maxLength: NOTE_LENGTH_MAX, pattern: ONE_LINE_PATTERN });

/** One transfer, alone or in a list. */
export const transferInput = z.strictObject({
  wallet_number: walletNumber,
  amount: amountInput,
  currency: currencyInput,
  note,
});
