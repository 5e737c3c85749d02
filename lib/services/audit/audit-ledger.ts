import type { Context } from "../context";
import { AUDIT_CHECKS, countBreaches } from "./store";

export interface AuditLine {
  /** The number in lib/ledger/README.md. */
  invariant: number;
  promise: string;
  breaches: bigint;
  elapsedMs: number;
}

/** Proves the ledger's invariants on a live database; one line a check, each from its own read-only snapshot. */
export async function auditLedger(
  context: Context,
  onLine: (line: AuditLine) => void = () => {},
): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for (const check of AUDIT_CHECKS) {
    const startedAt = performance.now();
    const breaches = await countBreaches(context.db, check);
    const { invariant, promise } = check;
    const line = { invariant, promise, breaches, elapsedMs: performance.now() - startedAt };
    lines.push(line);
    onLine(line);
  }
  return lines;
}
