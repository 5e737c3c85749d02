import { z } from "zod";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation, type OperationDetails } from "@/lib/services/operations/get-operation";
import { OPERATION_STATUSES, statusOf } from "@/lib/services/operations/kinds";
import { REASONS } from "@/lib/services/operations/reasons";
import { minorUnits } from "../amount";
import { defineCall } from "../define-call";
import { presentTransaction, transactionOutput } from "./transaction-answer";

const INSTANT = "2025-01-10T12:00:00.000Z";
const state = z.enum(OPERATION_STATUSES).meta({ example: "succeeded" });

const operationAnswer = transactionOutput.extend({
  state: state.describe(
    "Finer than `status`: tells refunded from failed, and what is in review from what is in progress.",
  ),
  reason: z
    .enum(REASONS)
    .nullable()
    .describe("Why it is in this state, where there is something to explain."),
  method: z
    .string()
    .nullable()
    .describe("How money came in or went out, such as wave; null inside Cauris.")
    .meta({ example: "wave" }),
  taken_back_minor: z
    .int()
    .describe("Of a deposit whose payer got money back: how much.")
    .meta({ example: 0 }),
  expires_at: z.iso.datetime().nullable().describe("Until when a deposit can be paid."),
  steps: z
    .array(z.object({ state, at: z.iso.datetime().meta({ example: INSTANT }) }))
    .describe("The states that it went through, oldest first."),
});

/** GET /api/wallet/operations/{reference}: how any operation of the wallet stands, withdrawals too. */
export const getOperationCall = defineCall(
  {
    method: "GET",
    path: "/api/wallet/operations/{reference}",
    tag: "Wallet",
    summary: "Status of any operation",
    description:
      "A deposit, withdrawal, transfer or vault operation that the wallet made or received, as its owner sees it.",
    access: { permission: "read" },
    params: z.object({ reference: z.string().max(64) }),
    answer: { status: 200, description: "How it stands.", schema: operationAnswer },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const operation = await getOperation(context, params.reference);
    await requestDepositCheck(context, operation);
    return { body: present(operation) };
  },
);

function present(operation: OperationDetails): z.input<typeof operationAnswer> {
  const { status, reason, method, takenBack, expiresAt } = operation;
  return {
    ...presentTransaction(operation, operation.walletNumber),
    state: status,
    reason,
    method,
    taken_back_minor: minorUnits(takenBack),
    expires_at: expiresAt?.toISOString() ?? null,
    steps: stepsOf(operation),
  };
}

/** Without what only concerns the software: steps that people see as the same state are one. */
function stepsOf({ steps }: OperationDetails): z.input<typeof operationAnswer>["steps"] {
  const seen = steps.map(({ state, at }) => ({ state: statusOf(state), at: at.toISOString() }));
  return seen.filter(({ state }, index) => seen[index - 1]?.state !== state);
}
