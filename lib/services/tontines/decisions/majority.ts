/** How many of those who may vote must say yes. */
export const MAJORITIES = ["half", "two_thirds", "all"] as const;
export type Majority = (typeof MAJORITIES)[number];

/** More than half, two thirds rounded up, or all: the database counts the same (tontine_votes_needed). */
export function votesNeeded(majority: Majority, voters: number): number {
  if (majority === "half") return Math.floor(voters / 2) + 1;
  return majority === "two_thirds" ? Math.ceil((2 * voters) / 3) : voters;
}

/** So many must have voted, yes or no, for a vote to count as a no at its deadline; with fewer it has lapsed. */
export const quorumOf = (voters: number): number => Math.ceil(voters / 2);

interface Count {
  majority: Majority;
  voters: number;
  yes: number;
  no: number;
  /** The deadline has passed. */
  isOver: boolean;
}

/** What the votes say; null while more of them could change it. */
export function outcomeOf({
  majority,
  voters,
  yes,
  no,
  isOver,
}: Count): "adopted" | "rejected" | "lapsed" | null {
  const needed = votesNeeded(majority, voters);
  if (yes >= needed) return "adopted";
  if (no > voters - needed) return "rejected";
  if (!isOver) return null;
  return yes + no >= quorumOf(voters) ? "rejected" : "lapsed";
}
