import { z } from "zod";
import { invariant } from "@/lib/invariant";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { OPERATION_TYPES } from "@/lib/services/operations/kinds";
import { listOperations } from "@/lib/services/operations/list-operations";
import type { ListOperations } from "@/lib/services/operations/schema";
import type { OperationView } from "@/lib/services/operations/view";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";
import { defineCall } from "../define-call";
import { API_STATUSES, apiStatus, statusesOf } from "./answer-fields";

const LIMIT_MAX = 100;
const INSTANT = "2025-01-10T12:00:00.000Z";

const transaction = z.object({
  id: z.int().meta({ example: 1 }),
  type: z.enum(OPERATION_TYPES),
  amount: amountOutput,
  status: z.enum(API_STATUSES),
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

const day = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => new Date(text))
  // What PostgreSQL can read, and nobody's history is older or newer.
  .refine(
    (date) => date.getTime() >= Date.UTC(1970, 0) && date.getTime() < Date.UTC(9999, 0),
    "out_of_range",
  );

/** GET /api/wallet/transactions: newest first, sent and received, every state; pages by cursor. */
export const listTransactions = defineCall(
  {
    method: "GET",
    path: "/api/wallet/transactions",
    tag: "Wallet",
    summary: "Transaction history",
    description: "Newest first. `next_cursor` leads to the next page and is null at the end.",
    access: { permission: "read" },
    query: z.object({
      cursor: z
        .string()
        .regex(/^[1-9][0-9]{0,17}$/)
        .optional(),
      limit: z
        .string()
        .regex(/^[0-9]{1,9}$/, "not_an_integer")
        .transform(Number)
        .pipe(z.number().min(1).max(LIMIT_MAX))
        .default(20)
        .describe(`How many, 1 to ${LIMIT_MAX}.`)
        .meta({ type: "integer", minimum: 1, maximum: LIMIT_MAX }),
      type: z.enum(OPERATION_TYPES).optional(),
      status: z.enum(API_STATUSES).optional(),
      currency: z.enum(CURRENCY_CODES).optional(),
      from: day
        .optional()
        .describe(
          "From this instant or day on (ISO 8601; a day begins at 00:00 UTC), between the years 1970 and 9998.",
        ),
      to: day.optional().describe("Before this instant or day."),
      q: z
        .string()
        .trim()
        .max(40)
        .optional()
        .describe("Part of a reference, number, name or note; an amount."),
    }),
    answer: {
      status: 200,
      description: "One page.",
      links: {
        next: {
          method: "GET",
          path: "/api/wallet/transactions",
          parameters: { cursor: "next_cursor" },
        },
      },
      schema: z.object({
        transactions: z.array(transaction),
        count: z.int().describe("How many this page holds.").meta({ example: 1 }),
        next_cursor: z.string().nullable(),
      }),
    },
    errors: [],
  },
  async ({ context, query }) => {
    const { cursor, limit, type, status, currency, from, to, q } = query;
    const filter: ListOperations = { cursor, limit, type, currency, from, to, text: q };
    if (status) filter.status = statusesOf(status);
    const page = await listOperations(context, filter);
    const transactions = page.operations.map((operation) => present(operation, page.walletNumber));
    return { body: { transactions, count: transactions.length, next_cursor: page.nextCursor } };
  },
);

function present(operation: OperationView, ownNumber: string): z.input<typeof transaction> {
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
