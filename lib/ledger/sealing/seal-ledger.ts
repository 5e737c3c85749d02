import type { Database } from "@/db/client";
import { RANGE_IDS, SEALS_A_SWEEP_MAX } from "./policy";
import { callLedgerSeal, SEAL_SUBJECTS } from "./store";

/**
 * Seals what was written since the last time, a closed range of each subject after the other, each in a transaction of
 * its own; answers how many seals were made. May run anywhere and at any concurrency.
 */
export async function sealLedger(
  db: Database,
  { rangeIds = RANGE_IDS, sealsMax = SEALS_A_SWEEP_MAX }: { rangeIds?: number; sealsMax?: number } = {},
): Promise<number> {
  let made = 0;
  for (let before = -1; before < made && made < sealsMax; ) {
    before = made;
    for (const subject of SEAL_SUBJECTS) {
      // A single statement is its own transaction.
      if ((await callLedgerSeal(db, subject, rangeIds)) !== null) made += 1;
    }
  }
  return made;
}
