import { z } from "zod";
import { downloadStatement } from "@/lib/services/statements/download-statement";
import type { StatementLine } from "@/lib/services/statements/line";
import { LINES_AT_ONCE_MAX, LINES_IN_ANSWER_MAX } from "@/lib/services/statements/policy";
import {
  readStatement,
  statementTooLong,
  type WholeStatement,
} from "@/lib/services/statements/read-statement";
import { currencyInput, currencyOutput, minorUnits } from "../amount";
import { defineCall } from "../define-call";

/** Days of the API are UTC's, which this zone has kept for as long as there are days here. */
const ZONE = "Africa/Abidjan";
const INSTANT = "2025-01-10T12:00:00.000Z";
const FORMATS = { json: null, csv: "machine", pdf: "pdf" } as const;

const line = z.object({
  sequence: z.int().describe("Counts the account's lines for ever, without a gap.").meta({ example: 42 }),
  at: z.iso.datetime().meta({ example: INSTANT }),
  kind: z.string().describe("What it tells, such as transfer_received.").meta({ example: "deposit" }),
  reference: z.string().nullable().meta({ example: "TXN-7K2M9QXA4B3C" }),
  amount_minor: z.int().describe("Negative when it left the balance.").meta({ example: 500000 }),
  balance_minor: z.int().describe("The balance after it.").meta({ example: 1500050 }),
});

const day = z.iso.date().meta({ example: "2025-01-31" });

/** GET /api/wallet/statement: every line of the available balance between two days. */
export const getStatementCall = defineCall(
  {
    method: "GET",
    path: "/api/wallet/statement",
    tag: "Wallet",
    summary: "Statement",
    description: `Everything that moved the available balance on the days from \`from\` to \`to\`, both included, in days of UTC: oldest first, and closing = opening + in - out, always. A withdrawal counts when it is reserved; a refund is a line of its own. At most ${LINES_IN_ANSWER_MAX} lines as JSON, ${LINES_AT_ONCE_MAX.machine} as CSV and ${LINES_AT_ONCE_MAX.pdf} as PDF: ask for fewer days when \`statement_too_long\` is answered.`,
    access: { permission: "read" },
    query: z.object({
      currency: currencyInput,
      from: day.describe("The first day; at most ten years before `to`."),
      to: day.describe("The last day; one after today counts as today."),
      format: z.enum(["json", "csv", "pdf"]).default("json"),
      locale: z.enum(["en", "fr"]).default("en").describe("The language of a PDF."),
    }),
    answer: {
      status: 200,
      description: "The statement.",
      schema: z.object({
        wallet_number: z.string().meta({ example: "4512345678903" }),
        currency: currencyOutput,
        from: day,
        to: day,
        made_at: z.iso.datetime().meta({ example: INSTANT }),
        opening_minor: z.int().meta({ example: 1000050 }),
        total_in_minor: z.int().meta({ example: 500000 }),
        total_out_minor: z.int().meta({ example: 0 }),
        closing_minor: z.int().meta({ example: 1500050 }),
        reserved_minor: z
          .int()
          .describe("Reserved for withdrawals in flight when the last day ended.")
          .meta({ example: 0 }),
        lines: z.array(line),
      }),
      fileTypes: ["text/csv", "application/pdf"],
    },
    errors: ["not_found"],
  },
  async ({ context, query: { format, locale, ...input } }) => {
    const statementFormat = FORMATS[format];
    const asked = { ...input, vault: undefined };
    if (statementFormat === null) return { body: present(await readStatement(context, asked, ZONE)) };
    const style = { format: statementFormat, locale, zone: ZONE } as const;
    const download = await downloadStatement(context, asked, style);
    if ("delivery" in download) throw statementTooLong();
    const { body, contentType: type, fileName: name } = download;
    return { file: { body, type, name } };
  },
);

function present(statement: WholeStatement) {
  const { walletNumber, currency, subject, madeAt, opening, closing, reserved, totalIn, totalOut, lines } =
    statement;
  return {
    wallet_number: walletNumber,
    currency,
    from: subject.range.from,
    to: subject.range.to,
    made_at: madeAt.toISOString(),
    opening_minor: minorUnits(opening),
    total_in_minor: minorUnits(totalIn),
    total_out_minor: minorUnits(totalOut),
    closing_minor: minorUnits(closing),
    reserved_minor: reserved === null ? 0 : minorUnits(reserved),
    lines: lines.map(presentLine),
  };
}

function presentLine({ row, kind, operation }: StatementLine) {
  return {
    sequence: Number(row.version),
    at: row.recordedAt.toISOString(),
    kind,
    reference: operation?.reference ?? null,
    amount_minor: Number(row.signedAmount),
    balance_minor: Number(row.balanceAfter),
  };
}
