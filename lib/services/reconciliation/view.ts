import type { ProviderErrorKind } from "@/lib/providers/provider";
import type { BreakRow } from "./store";

/** A difference between our book and a provider's that lasts, as whoever runs the deployment sees it. */
export type BreakView = Omit<BreakRow, "runId" | "resolvedAt">;

export function toBreakView({ runId: _runId, resolvedAt: _resolvedAt, ...shown }: BreakRow): BreakView {
  return shown;
}

/** What one comparison came to. */
export interface Reconciliation {
  provider: string;
  window: { from: Date; to: Date };
  /** False where the provider has no list of its transactions: nothing was compared. */
  isListed: boolean;
  /** Why its book couldn't be read just now; null when it was. */
  problem: ProviderErrorKind | null;
  compared: number;
  /** What moved by each book among what was compared, by direction and currency, in minor units. */
  totals: { direction: "in" | "out"; currency: string; ourMinor: bigint; theirMinor: bigint }[];
  /** What changed too recently to say anything of. */
  undecided: number;
  /** New ones of this run, and how many ended with it. */
  opened: number;
  resolved: number;
  /** Every break of this provider that lasts, oldest first, at most some hundreds. */
  breaks: BreakView[];
}
