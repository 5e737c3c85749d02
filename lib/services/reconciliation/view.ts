import type { ProviderErrorKind } from "@/lib/providers/provider";
import type { BreakRow } from "./store";

/** An open difference between our book and a provider's, as the operator sees it. */
export type BreakView = Omit<BreakRow, "runId" | "resolvedAt">;

export function toBreakView({ runId: _runId, resolvedAt: _resolvedAt, ...shown }: BreakRow): BreakView {
  return shown;
}

/** The result of one comparison. */
export interface Reconciliation {
  provider: string;
  window: { from: Date; to: Date };
  /** False where the provider has no list of its transactions: nothing was compared. */
  isListed: boolean;
  /** Why its book couldn't be read; null when it was. */
  problem: ProviderErrorKind | null;
  compared: number;
  /** What moved by each book, by direction and currency, in minor units. */
  totals: { direction: "in" | "out"; currency: string; ourMinor: bigint; theirMinor: bigint }[];
  /** Operations that changed too recently to be compared. */
  undecided: number;
  /** Breaks that this run opened and resolved. */
  opened: number;
  resolved: number;
  /** Every open break of this provider, oldest first, at most BREAKS_MAX. */
  breaks: BreakView[];
}
