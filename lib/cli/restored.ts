import { closeDatabase, openDatabase } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { decisionOf } from "./commands/deployment";

/**
 * What a restored deployment needs before anybody works in it: payouts stand still, since the providers may have paid what its
 * books don't know any more. Answers the promises of the ledger that don't hold, as sentences.
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
