import type { Transaction } from "@/db/client";
import { closeParkedEvents } from "./store";

/** A person decided about what these parked events told of: the one by its id, or all that name a reference. */
export async function closeParked(
  tx: Transaction,
  which: { eventId: bigint } | { reference: string },
): Promise<void> {
  await closeParkedEvents(tx, which, "decided");
}
