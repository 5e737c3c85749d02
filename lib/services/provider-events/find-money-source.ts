import type { Reader } from "@/db/client";
import { queryEventKey } from "../operations/provider-update";
import { readPayload } from "./payload";
import { findEventByKey } from "./store";

/** The update that reported money in suspense. */
export interface MoneySource {
  provider: string;
  /** Null for an answer to a query of ours. */
  eventId: bigint | null;
  /** Our reference, if the update named one. */
  reference: string | null;
  /** The event's effect; `queried` for an answer to a query. */
  outcome: string | null;
  /** When it was paid, as far as the update or its arrival tells. */
  paidAt: Date | null;
}

const QUERY_PREFIX = queryEventKey("");

/** Reads the name that `suspenseSource` gave to an entry into suspense. */
export async function findMoneySource(reader: Reader, source: string): Promise<MoneySource> {
  const provider = source.slice(0, source.indexOf(":"));
  const eventKey = source.slice(provider.length + 1);
  if (eventKey.startsWith(QUERY_PREFIX)) {
    const reference = eventKey.slice(QUERY_PREFIX.length);
    return { provider, eventId: null, reference, outcome: "queried", paidAt: null };
  }
  const event = await findEventByKey(reader, provider, eventKey);
  const { id = null, reference = null, outcome = null } = event ?? {};
  const stamp = event ? readPayload(event.payload).paidAt : undefined;
  return { provider, eventId: id, reference, outcome, paidAt: stamp ?? event?.receivedAt ?? null };
}
