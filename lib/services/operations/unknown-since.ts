import type { Reader } from "@/db/client";
import { listEvents } from "./store";

/** Since when an operation's outcome was not known for the first time; null when it always was. */
export async function unknownSince(reader: Reader, operationId: bigint): Promise<Date | null> {
  const events = await listEvents(reader, operationId);
  return events.find(({ toState }) => toState === "unknown")?.createdAt ?? null;
}
