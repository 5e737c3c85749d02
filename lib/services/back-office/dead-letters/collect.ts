import type { Reader } from "@/db/client";
import { listSuspense } from "@/lib/ledger/suspense";
import type { Context } from "@/lib/services/context";
import { findSource } from "@/lib/services/provider-events/find-source";
import type { DeadLetter } from "./letter";
import { LETTERS_MAX, SUBMITTED_FOR_MS, UNKNOWN_FOR_MS } from "./policy";
import { selectDeadJobs, selectParkedEvents, selectStuckOperations } from "./store";

/** Every dead letter, the oldest of a kind first, at most {@link LETTERS_MAX} of each. */
export async function collectLetters({ db, now }: Context): Promise<DeadLetter[]> {
  const before = {
    unknown: new Date(now.getTime() - UNKNOWN_FOR_MS),
    submitted: new Date(now.getTime() - SUBMITTED_FOR_MS),
  };
  return [
    ...(await selectDeadJobs(db, LETTERS_MAX)),
    ...(await selectParkedEvents(db, LETTERS_MAX)),
    ...(await selectStuckOperations(db, before, LETTERS_MAX)),
    ...(await collectSuspense(db)),
  ];
}

async function collectSuspense(reader: Reader): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const { entryId, source, recordedAt } of await listSuspense(reader, LETTERS_MAX)) {
    const { reference, outcome } = await findSource(reader, source);
    const why = outcome ?? "unknown_event";
    letters.push({
      kind: "suspense",
      id: entryId.toString(),
      reference,
      since: recordedAt,
      why,
      error: null,
    });
  }
  return letters;
}
