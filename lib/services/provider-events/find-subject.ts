import type { Reader } from "@/db/client";
import { findNamedOperations, findOperation, type OperationType } from "../operations/operation";
import type { Claim } from "./payload";
import type { WebhookEventRow } from "./store";

/** How long a call to the provider may take to tell us its reference, with time for the answer to be stored. */
const BINDING_MAX_MS = 60_000;

const TYPE_OF_KIND = { collection: "deposit", dispute: "deposit", payout: "withdrawal" } as const;

type NamedEvent = Pick<WebhookEventRow, "provider" | "kind" | "reference" | "receivedAt">;

/**
 * The reference of the operation that an event is about: by our reference, else by the provider's own that we stored, else
 * by anything in it that is a reference of ours. Without one it is what the event calls ours, which may be nobody's.
 */
export async function findSubject(reader: Reader, event: NamedEvent, claim: Claim): Promise<string | null> {
  const { provider, kind, reference } = event;
  if (kind === "unknown") return await findMentioned(reader, event, claim);
  if (reference !== null && (await findOperation(reader, reference))) return reference;
  const type = TYPE_OF_KIND[kind];
  const { providerReference, mentions } = claim;
  const own = providerReference === null ? {} : { providerReferences: [providerReference] };
  const [bound] = await findNamedOperations(reader, { provider, type, references: [], ...own });
  if (bound) return bound.reference;
  const mentioned = await findNamedOperations(reader, { provider, type, references: mentions });
  return mentioned.length === 1 ? (mentioned[0]?.reference ?? reference) : reference;
}

/** For an event that isn't understood: any operation of its provider that it names. */
async function findMentioned(
  reader: Reader,
  { provider, reference }: NamedEvent,
  { providerReference, mentions }: Claim,
): Promise<string | null> {
  const names = [reference, providerReference, ...mentions].filter((name) => name !== null);
  const filter = { provider, references: names, providerReferences: names };
  const [named] = await findNamedOperations(reader, filter);
  return named?.reference ?? null;
}

/**
 * Whether the event may be about an operation whose call to the provider hasn't been answered yet: then the provider's
 * reference isn't known, and the event has to wait for it.
 */
export async function mayBeBoundSoon(
  reader: Reader,
  event: NamedEvent,
  { providerReference }: Claim,
  now: Date,
): Promise<boolean> {
  const { provider, kind, reference, receivedAt } = event;
  if (kind === "unknown" || providerReference === null || reference !== null) return false;
  if (now.getTime() - receivedAt.getTime() > BINDING_MAX_MS) return false;
  const since = new Date(now.getTime() - BINDING_MAX_MS);
  const type: OperationType = TYPE_OF_KIND[kind];
  const unbound = await findNamedOperations(reader, { provider, type, unboundSince: since, references: [] });
  return unbound.length > 0;
}
