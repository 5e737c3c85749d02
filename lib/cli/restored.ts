import { closeDatabase, openDatabase } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { decisionOf } from "./commands/deployment";

/**
 * What a restored deployment needs before it is used: stops payouts, since the providers may have paid what its books lack,
 * and checks the ledger. Answers the violated invariants, as sentences.
 */
export async function secureRestored(ownerUrl: string, note: string): Promise<string[]> {
  const db = openDatabase(applicationUrl(ownerUrl), { max: 2, name: "cauris restore" });
  try {
    const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
    await stopPayouts(context, { provider: null, ...decisionOf({ by: null, note }) });
    const lines = await auditLedger(db);
    return lines
      .filter(({ breaches }) => breaches !== 0n)
      .map(({ invariant, promise, breaches }) => `invariant ${invariant}, ${promise}: ${breaches} breaches`);
  } finally {
    await closeDatabase(db);
  }
}
