import { type AuditLine, auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { openMatters } from "./dead-letters";
import type { Deployment } from "./deployment";
import { counted } from "./format";

// The length of the longest invariant's text; a longer one only shifts its own line.
const PROMISE_WIDTH = 78;

/** Checks the ledger's invariants, and prints a line for each as it comes. Answers 1 on a breach, else 0. */
export async function reportAudit(
  { context, print }: Pick<Deployment, "context" | "print">,
  { isFull }: { isFull: boolean },
): Promise<number> {
  const lines = await auditLedger(context.db, (line) => print(formatLine(line, PROMISE_WIDTH)), { isFull });
  for (const sentence of await openMatters({ context })) print(sentence);
  const breaches = lines.reduce((sum, line) => sum + line.breaches, 0n);
  const seconds = (lines.reduce((sum, line) => sum + line.elapsedMs, 0) / 1000).toFixed(1);
  const broken = lines.filter((line) => line.breaches !== 0n).length;
  print(
    breaches === 0n
      ? `All ${lines.length} checks hold, in ${seconds} s.`
      : `${counted(breaches, "breach", "breaches")} in ${broken} of ${lines.length} checks, in ${seconds} s.`,
  );
  return breaches === 0n ? 0 : 1;
}

function formatLine({ invariant, promise, breaches, elapsedMs }: AuditLine, width: number): string {
  const sign = breaches === 0n ? " " : "✗";
  const number = String(invariant).padStart(2);
  const found = counted(breaches, "breach", "breaches").padStart(12);
  return `${sign} invariant ${number}  ${promise.padEnd(width)}  ${found}  ${elapsedMs.toFixed(0).padStart(7)} ms`;
}
