import type { Dispute } from "@/lib/providers/provider";
import type { OperationRow } from "../operations/operation";
import type { DisputeRow } from "./store";

/** What a provider's event says of a deposit's disputes. */
export interface DisputeEvent {
  dispute: Dispute;
  /** What the payer gets back; null where the provider doesn't say. */
  amountMinor: bigint | null;
}

const namelessPrefix = ({ reference }: OperationRow) => `${reference}:`;

export const isNameless = (operation: OperationRow, { subject }: Pick<Dispute, "subject">) =>
  subject.startsWith(namelessPrefix(operation));

/** The dispute that has the name of the event's. */
export function findNamed(all: readonly DisputeRow[], { dispute }: DisputeEvent): DisputeRow | null {
  const { type, subject } = dispute;
  return all.find((each) => each.type === type && each.subject === subject) ?? null;
}

/**
 * A refund's events may lack its name: a named event can then be about a nameless dispute of the same amount, or a nameless
 * event about a named one. Two refunds of one amount aren't the same, so an event that ends a refund only fits
 * a dispute whose outcome isn't known.
 */
export function findSameAmount(
  all: readonly DisputeRow[],
  operation: OperationRow,
  { dispute, amountMinor }: DisputeEvent,
): DisputeRow | null {
  if (dispute.type !== "refund") return null;
  const refunds = all.filter(({ type }) => type === "refund");
  const isUndecided = ({ outcome }: DisputeRow) => outcome === "open";
  if (isNameless(operation, dispute)) {
    const named = refunds.filter((each) => !isNameless(operation, each) && each.amountMinor === amountMinor);
    return named.find(isUndecided) ?? (dispute.outcome === "open" ? (named[0] ?? null) : null);
  }
  const subject = `${namelessPrefix(operation)}${amountMinor ?? "all"}`;
  const nameless = refunds.find((each) => each.subject === subject && each.state !== "kept");
  if (!nameless || isUndecided(nameless)) return nameless ?? null;
  return nameless.state === "open" && dispute.outcome !== "won" ? nameless : null;
}

/** The nameless dispute that was taken back before this named event's refund had a name here. */
export function findTakenBack(
  all: readonly DisputeRow[],
  operation: OperationRow,
  { dispute, amountMinor }: DisputeEvent,
): DisputeRow | null {
  const subject = `${namelessPrefix(operation)}${amountMinor ?? "all"}`;
  return (
    all.find(
      (each) => each.type === dispute.type && each.subject === subject && each.state === "taken_back",
    ) ?? null
  );
}
