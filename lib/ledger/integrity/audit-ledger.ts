import type { Database } from "@/db/client";
import { AUDIT_CHECKS, countBreaches } from "./store";

export interface AuditLine {
  /** The number in lib/ledger/README.md. */
  invariant: number;
  promise: string;
  breaches: bigint;
  elapsedMs: number;
}

/**
 * Checks the ledger's invariants on a live database; one line a check, each from its own read-only snapshot. A full audit
 * hashes every sealed row again, and takes minutes on a long ledger; otherwise only the newest ones.
 */
export async function auditLedger(
  db: Database,
  onLine: (line: AuditLine) => void = () => {},
  { isFull = false }: { isFull?: boolean } = {},
): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for (const check of AUDIT_CHECKS) {
    if (check.isFullOnly && !isFull) continue;
    const startedAt = performance.now();
    const breaches = await countBreaches(db, check, isFull);
    const { invariant, promise } = check;
    const line = { invariant, promise, breaches, elapsedMs: performance.now() - startedAt };
    lines.push(line);
    onLine(line);
  }
  return lines;
}
