import { z } from "zod";
import type { OperationView } from "@/lib/services/operations/view";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";
import { apiStatus, statusOutput } from "./answer-fields";

/** The path's parameter of calls about one deposit. */
export const depositParams = z.object({ reference: z.string().max(64) });

/** How a deposit stands. */
export const depositAnswer = z.object({
  reference: z.string().meta({ example: "TXN-7K2M9QXA4B3C" }),
  status: statusOutput,
  amount: amountOutput,
  amount_minor: amountMinorOutput,
  currency: currencyOutput,
});

/** A deposit as {@link depositAnswer} has it. */
export function presentDeposit({ reference, status, amount }: OperationView): z.input<typeof depositAnswer> {
  return { reference, status: apiStatus(status), ...amountFields(amount) };
}
