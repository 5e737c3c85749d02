import type { Reader } from "@/db/client";
import { listSuspense } from "@/lib/ledger/suspense";
import { type Context, requireSystem } from "../context";
import { findMoneySource } from "../provider-events/find-money-source";
import { DEAD_LETTERS_MAX, SUBMITTED_FOR_MS, UNKNOWN_FOR_MS } from "./policy";
import { selectDeadJobs, selectEventsInReview, selectOwners, selectStuckOperations } from "./store";
import type { DeadLetter } from "./view";

/** What waits for an operator: the oldest {@link DEAD_LETTERS_MAX} of each kind. Throws `unauthenticated`. */
export async function listDeadLetters(context: Context): Promise<DeadLetter[]> {
  requireSystem(context);
  const deadLetters = await collectDeadLetters(context);
  const references = deadLetters.flatMap(({ reference }) => reference ?? []);
  const owners = await selectOwners(context.db, references);
  return deadLetters.map((each) => ({ ...each, owner: owners.get(each.reference ?? "") ?? null }));
}

/** As {@link listDeadLetters}, for sweeps: without owners. */
export async function collectDeadLetters({ db, now }: Context): Promise<DeadLetter[]> {
  const before = {
    unknown: new Date(now.getTime() - UNKNOWN_FOR_MS),
    submitted: new Date(now.getTime() - SUBMITTED_FOR_MS),
  };
  return [
    ...(await selectDeadJobs(db, DEAD_LETTERS_MAX)),
    ...(await selectEventsInReview(db, DEAD_LETTERS_MAX)),
    ...(await selectStuckOperations(db, before, DEAD_LETTERS_MAX)),
    ...(await collectSuspense(db)),
  ];
}

async function collectSuspense(reader: Reader): Promise<DeadLetter[]> {
  const deadLetters: DeadLetter[] = [];
  for (const { entryId, source, recordedAt } of await listSuspense(reader, DEAD_LETTERS_MAX)) {
    const { reference, outcome } = await findMoneySource(reader, source);
    deadLetters.push({
      kind: "suspense",
      id: entryId.toString(),
      reference,
      owner: null,
      since: recordedAt,
      why: outcome ?? "unknown_event",
      error: null,
    });
  }
  return deadLetters;
}
