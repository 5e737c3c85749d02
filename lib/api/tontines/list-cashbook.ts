import { z } from "zod";
import { CASHBOOK_PAGE_MAX, listCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { defineCall } from "../define-call";
import { codeParams, memberNameOutput, moneyOutput, presentMoney, timeOutput } from "./answers";

const lineAnswer = z.object({
  number: z.int().describe("Counts the group's postings from 1.").meta({ example: 42 }),
  at: timeOutput,
  direction: z
    .enum(["in", "out", "inside"])
    .describe("From a member's wallet, to one, or between accounts of the group."),
  from: z.string().describe("The kind of account.").meta({ example: "available" }),
  to: z.string().meta({ example: "tontine_pot" }),
  moved: moneyOutput,
  balance: moneyOutput.describe("What the group held after it, in all its accounts."),
  turn: z.int().nullable().meta({ example: 4 }),
  member: memberNameOutput.nullable(),
  paid_by: memberNameOutput.nullable().describe("The member who paid for somebody else."),
  reference: z
    .string()
    .nullable()
    .describe("Of the wallet's operation.")
    .meta({ example: "TXN-7K2M9QXA4B3C" }),
});

/** GET /api/tontines/{code}/cashbook: newest first; pages by cursor. */
export const listCashbookCall = defineCall(
  {
    method: "GET",
    path: "/api/tontines/{code}/cashbook",
    tag: "Tontines",
    summary: "Cash book of a tontine",
    description: "Every posting, newest first. `next_cursor` leads to the next page and is null at the end.",
    access: { permission: "tontine:read" },
    params: codeParams,
    query: z.object({
      cursor: z
        .string()
        .regex(/^[1-9][0-9]{0,9}$/)
        .optional(),
      limit: z
        .string()
        .regex(/^[0-9]{1,9}$/, "not_an_integer")
        .transform(Number)
        .pipe(z.number().min(1).max(CASHBOOK_PAGE_MAX))
        .default(50)
        .describe(`How many, 1 to ${CASHBOOK_PAGE_MAX}.`)
        .meta({ type: "integer", minimum: 1, maximum: CASHBOOK_PAGE_MAX }),
    }),
    answer: {
      status: 200,
      description: "One page.",
      schema: z.object({
        lines: z.array(lineAnswer),
        count: z.int().describe("How many this page holds.").meta({ example: 1 }),
        next_cursor: z.string().nullable(),
      }),
    },
    errors: ["not_found"],
  },
  async ({ context, params, query }) => {
    const { cursor, limit } = query;
    const page = await listCashbook(context, { code: params.code, limit, ...(cursor && { cursor }) });
    const lines = page.lines.map(
      (line): z.input<typeof lineAnswer> => ({
        number: line.number,
        at: line.at.toISOString(),
        direction: line.direction,
        from: line.from,
        to: line.to,
        moved: presentMoney(line.amount),
        balance: presentMoney(line.balance),
        turn: line.turn,
        member: line.member,
        paid_by: line.payer,
        reference: line.reference,
      }),
    );
    return { body: { lines, count: lines.length, next_cursor: page.nextCursor } };
  },
);
