import type { Money } from "@/lib/money/money";
import type { TimeZone } from "@/lib/phone";
import type { Context } from "../context";
import { findSubject } from "./find-subject";
import { LINES_AT_ONCE_MAX, PDF_LINES_MAX } from "./policy";
import type { StatementFormat, StatementInput } from "./schema";
import { openStatement, type Statement, totalsOf } from "./statement";

/** How a format of a statement is had: at once, made by the worker, or not at all. */
export type Delivery = "at_once" | "by_worker" | "too_long";

export interface StatementSummary extends Statement {
  /** Null where there are too many lines to add them up while somebody waits. */
  totals: { totalIn: Money; totalOut: Money } | null;
  delivery: Readonly<Record<StatementFormat, Delivery>>;
}

/** What a statement says but for its lines, and how each format of it is had. Throws as {@link findSubject}. */
export async function getStatement(
  context: Context,
  input: StatementInput,
  zone: TimeZone,
): Promise<StatementSummary> {
  const subject = await findSubject(context, input, zone);
  const statement = await openStatement(context.db, subject, context.now);
  const { lineCount } = statement;
  const isShort = lineCount <= LINES_AT_ONCE_MAX.csv;
  return {
    ...statement,
    totals: isShort ? await totalsOf(context.db, statement) : null,
    delivery: {
      pdf: deliveryOf("pdf", lineCount),
      csv: deliveryOf("csv", lineCount),
      machine: deliveryOf("machine", lineCount),
    },
  };
}

export function deliveryOf(format: StatementFormat, lineCount: bigint): Delivery {
  if (lineCount <= LINES_AT_ONCE_MAX[format]) return "at_once";
  return format === "pdf" && lineCount > PDF_LINES_MAX ? "too_long" : "by_worker";
}
