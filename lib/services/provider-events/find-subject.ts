import type { Reader } from "@/db/client";
import { findNamedOperations, findOperation, type OperationRow } from "../operations/operation";
import type { Claim } from "./payload";
import type { WebhookEventRow } from "./store";

/** How long a call to the provider may take to tell us its reference, with time for the answer to be stored. */
const BINDING_MAX_MS = 60_000;

const TYPE_OF_KIND = { collection: "deposit", dispute: "deposit", payout: "withdrawal" } as const;

type NamedEvent = Pick<WebhookEventRow, "provider" | "kind" | "reference" | "receivedAt">;

/** The operation that an event is about. */
export interface Subject {
  /** Its reference; without an operation what the event calls ours, which may be nobody's. */
  reference: string | null;
  /** Null without an operation. */
  type: OperationRow["type"] | null;
  /** Nothing but some text of the event names it: the event may be about anything else. */
  isOnlyMentioned: boolean;
}

const subjectOf = ({ reference, type }: OperationRow): Subject => ({
  reference,
  type,
  isOnlyMentioned: false,
});

/**
 * Finds the operation by our reference, else by the provider's own that we stored, of whatever type it is, else by anything
 * in the event that is a reference of ours.
 */
export async function findSubject(reader: Reader, event: NamedEvent, claim: Claim): Promise<Subject> {
  const { provider, kind, reference } = event;
  if (kind === "unknown" && !claim.isKindUnclear) return await findMentioned(reader, event, claim);
  const named = reference === null ? null : await findOperation(reader, reference);
  const found = named ?? (await findBound(reader, event, claim));
  if (found) return subjectOf(found);
  const mentioned = await findNamedOperations(reader, { provider, references: claim.mentions });
  const [first] = mentioned;
  if (!first) return { reference, type: null, isOnlyMentioned: false };
  // Money that came in is booked, unless it may be money that went out.
  const { type } = mentioned.find((each) => each.type === "withdrawal") ?? first;
  return { reference: mentioned.length === 1 ? first.reference : reference, type, isOnlyMentioned: true };
}

/** A payment and a payout may have the same id: the one of the event's kind comes first. */
async function findBound(
  reader: Reader,
  { provider, kind }: NamedEvent,
  { providerReference }: Claim,
): Promise<OperationRow | null> {
  if (providerReference === null) return null;
  const names = { provider, references: [], providerReferences: [providerReference] };
  const bound = await findNamedOperations(reader, names);
  if (kind === "unknown") return bound.length === 1 ? (bound[0] ?? null) : null;
  return bound.find(({ type }) => type === TYPE_OF_KIND[kind]) ?? bound[0] ?? null;
}

/** For an event that isn't understood: any operation of its provider that it names. */
async function findMentioned(
  reader: Reader,
  { provider, reference }: NamedEvent,
  { providerReference, mentions }: Claim,
): Promise<Subject> {
  const names = [reference, providerReference, ...mentions].filter((name) => name !== null);
  const filter = { provider, references: names, providerReferences: names };
  const [named] = await findNamedOperations(reader, filter);
  return named ? subjectOf(named) : { reference: null, type: null, isOnlyMentioned: false };
}

/**
 * Whether the event may be about an operation whose call to the provider hasn't been answered yet: then the provider's
 * reference isn't known, and the event has to wait for it.
 */
export async function mayBeBoundSoon(
  reader: Reader,
  event: NamedEvent,
  { providerReference, isKindUnclear }: Claim,
  now: Date,
): Promise<boolean> {
  const { provider, kind, reference, receivedAt } = event;
  if (providerReference === null || reference !== null) return false;
  if (kind === "unknown" && !isKindUnclear) return false;
  if (now.getTime() - receivedAt.getTime() > BINDING_MAX_MS) return false;
  const since = new Date(now.getTime() - BINDING_MAX_MS);
  const ofType = kind === "unknown" ? {} : { type: TYPE_OF_KIND[kind] };
  const names = { provider, ...ofType, unboundSince: since, references: [] };
  const unbound = await findNamedOperations(reader, names);
  return unbound.length > 0;
}
