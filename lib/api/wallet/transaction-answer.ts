import { z } from "zod";
import { invariant } from "@/lib/invariant";
import { OPERATION_TYPES } from "@/lib/services/operations/kinds";
import type { OperationView } from "@/lib/services/operations/view";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";
import { apiStatus, statusOutput } from "./answer-fields";

const INSTANT = "2025-01-10T12:00:00.000Z";

/** An operation as the history has it. */
export const transactionOutput = z.object({
  id: z.int().meta({ example: 1 }),
  type: z.enum(OPERATION_TYPES),
  amount: amountOutput,
  status: statusOutput,
  reference: z.string().meta({ example: "TXN-7K2M9QXA4B3C" }),
  recipient_wallet_number: z.string().nullable().describe("Whom a transfer went to."),
  created_at: z.iso.datetime().meta({ example: INSTANT }),
  amount_minor: amountMinorOutput,
  currency: currencyOutput,
  fee_minor: z.int().meta({ example: 0 }),
  direction: z.enum(["in", "out"]),
  counterparty: z.string().nullable().describe("The other side of a transfer: first name and initial."),
  note: z.string().nullable(),
  updated_at: z.iso.datetime().meta({ example: INSTANT }),
});

/** An operation as {@link transactionOutput} has it, seen by the wallet with this number. */
export function presentTransaction(
  operation: OperationView,
  ownNumber: string,
): z.input<typeof transactionOutput> {
  const { type, direction, counterparty } = operation;
  const id = Number(operation.id);
  invariant(Number.isSafeInteger(id), "ids are counted up");
  const recipient = direction === "out" ? (counterparty?.walletNumber ?? null) : ownNumber;
  return {
    id,
    type,
    ...amountFields(operation.amount),
    status: apiStatus(operation.status),
    reference: operation.reference,
    recipient_wallet_number: type === "transfer" ? recipient : null,
    created_at: operation.createdAt.toISOString(),
    fee_minor: Number(operation.fee.amountMinor),
    direction,
    counterparty: counterparty?.name ?? null,
    note: operation.note,
    updated_at: operation.updatedAt.toISOString(),
  };
}
