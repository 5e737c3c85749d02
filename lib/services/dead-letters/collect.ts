import type { Reader } from "@/db/client";
import { listSuspense } from "@/lib/ledger/suspense";
import type { Context } from "../context";
import type { DeadLetter } from "./letter";
import { LETTERS_MAX, UNKNOWN_FOR_MS } from "./policy";
import { findOutcome, selectDeadJobs, selectParkedEvents, selectStuckOperations } from "./store";

/** Every dead letter, the oldest of a kind first, at most {@link LETTERS_MAX} of each. */
export async function collectLetters({ db, now }: Context): Promise<DeadLetter[]> {
  const unknownSince = new Date(now.getTime() - UNKNOWN_FOR_MS);
  return [
    ...(await selectDeadJobs(db, LETTERS_MAX)),
    ...(await selectParkedEvents(db, LETTERS_MAX)),
    ...(await selectStuckOperations(db, unknownSince, LETTERS_MAX)),
    ...(await collectSuspense(db)),
  ];
}

async function collectSuspense(reader: Reader): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const { entryId, source, recordedAt } of await listSuspense(reader, LETTERS_MAX)) {
    const told = await whatWasTold(reader, source);
    letters.push({ kind: "suspense", id: entryId.toString(), since: recordedAt, error: null, ...told });
  }
  return letters;
}

/** An answer to our own question is named `query:<reference>`, everything else is an event of the provider's. */
async function whatWasTold(reader: Reader, source: string): Promise<Pick<DeadLetter, "reference" | "why">> {
  const provider = source.slice(0, source.indexOf(":"));
  const eventKey = source.slice(provider.length + 1);
  if (eventKey.startsWith("query:")) return { reference: eventKey.slice("query:".length), why: "asked" };
  const event = await findOutcome(reader, provider, eventKey);
  return { reference: event?.reference ?? null, why: event?.outcome ?? "unknown_event" };
}
