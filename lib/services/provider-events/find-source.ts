import type { Reader } from "@/db/client";
import { findEventByKey } from "./store";

/** What told of money that the ledger booked under `<provider>:<event key>`. */
export interface MoneySource {
  provider: string;
  /** Null for an answer to our own question. */
  eventId: bigint | null;
  /** Our reference, as it was named; null when it named none. */
  reference: string | null;
  /** What became of the event. */
  outcome: string | null;
}

const ASKED = "query:";

/** Reads the name of an entry into suspense. An answer to our own question is named `query:<reference>`. */
export async function findSource(reader: Reader, source: string): Promise<MoneySource> {
  const provider = source.slice(0, source.indexOf(":"));
  const eventKey = source.slice(provider.length + 1);
  if (eventKey.startsWith(ASKED)) {
    return { provider, eventId: null, reference: eventKey.slice(ASKED.length), outcome: "asked" };
  }
  const event = await findEventByKey(reader, provider, eventKey);
  const { id = null, reference = null, outcome = null } = event ?? {};
  return { provider, eventId: id, reference, outcome };
}
