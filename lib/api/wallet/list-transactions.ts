import { z } from "zod";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { AMOUNT_MINOR_MAX } from "@/lib/money/money";
import { OPERATION_TYPES } from "@/lib/services/operations/kinds";
import { listOperations } from "@/lib/services/operations/list-operations";
import type { ListOperations } from "@/lib/services/operations/schema";
import { moneyInput } from "../amount";
import { defineCall } from "../define-call";
import { API_STATUSES, statusesOf } from "./answer-fields";
import { presentTransaction, transactionOutput } from "./transaction-answer";

const LIMIT_MAX = 100;

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
      amount: z
        .string()
        .regex(/^[0-9]{1,16}$/, "not_an_integer")
        .transform(Number)
        .pipe(z.number().min(1).max(Number(AMOUNT_MINOR_MAX)))
        .optional()
        .describe("Of this amount in minor units, without or with its fee: in `currency`, or in any.")
        .meta({ type: "integer", minimum: 1, maximum: Number(AMOUNT_MINOR_MAX) }),
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
        transactions: z.array(transactionOutput),
        count: z.int().describe("How many this page holds.").meta({ example: 1 }),
        next_cursor: z.string().nullable(),
      }),
    },
    errors: [],
  },
  async ({ context, query }) => {
    const { cursor, limit, type, status, currency, from, to, amount, q } = query;
    const filter: ListOperations = { cursor, limit, type, currency, from, to, text: q };
    if (amount !== undefined) {
      const currencies = currency ? [currency] : CURRENCY_CODES;
      filter.amounts = currencies.map((each) => moneyInput(amount, each));
    }
    if (status) filter.status = statusesOf(status);
    const page = await listOperations(context, filter);
    const transactions = page.operations.map((operation) => presentTransaction(operation, page.walletNumber));
    return { body: { transactions, count: transactions.length, next_cursor: page.nextCursor } };
  },
);
