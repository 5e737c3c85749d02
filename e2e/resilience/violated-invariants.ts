import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import type { Context } from "@/lib/services/context";

/** Invariants of the ledger that the audit finds violated, as sentences; empty if all hold. */
export async function violatedInvariants(context: Context): Promise<string[]> {
  const lines = await auditLedger(context.db);
  return lines
    .filter(({ breaches }) => breaches !== 0n)
    .map(({ invariant, promise, breaches }) => `invariant ${invariant}, ${promise}: ${breaches} violations`);
}
