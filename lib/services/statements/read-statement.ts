import { DomainError } from "@/lib/errors";
import type { Money } from "@/lib/money/money";
import type { TimeZone } from "@/lib/phone";
import type { Context } from "../context";
import { consume } from "../rate-limits/consume";
import { findSubject } from "./find-subject";
import { beginMaking } from "./limit-making";
import type { StatementLine } from "./line";
import { LINES_IN_ANSWER_MAX } from "./policy";
import type { StatementInput } from "./schema";
import { openStatement, readLines, type Statement, totalsOf } from "./statement";

/** A whole statement in memory. */
export interface WholeStatement extends Statement {
  totalIn: Money;
  totalOut: Money;
  /** Oldest first. */
  lines: StatementLine[];
}

/**
 * A statement with its lines, for an answer of the API. Throws as {@link findSubject}, `validation_failed` (`statement_too_long`) above
 * {@link LINES_IN_ANSWER_MAX} lines, and `rate_limited`.
 */
export async function readStatement(
  context: Context,
  input: StatementInput,
  zone: TimeZone,
): Promise<WholeStatement> {
  const { db, now } = context;
  const subject = await findSubject(context, input, zone);
  const end = beginMaking(subject.userId);
  try {
    await consume(db, "statement_download", [subject.userId.toString()]);
    const statement = await openStatement(db, subject, now);
    if (statement.lineCount > LINES_IN_ANSWER_MAX) throw statementTooLong();
    const lines: StatementLine[] = [];
    for await (const page of readLines(db, statement)) lines.push(...page);
    return { ...statement, ...(await totalsOf(db, statement)), lines };
  } finally {
    end();
  }
}

export function statementTooLong(): DomainError {
  return new DomainError("validation_failed", { issues: [{ field: "to", reason: "statement_too_long" }] });
}
