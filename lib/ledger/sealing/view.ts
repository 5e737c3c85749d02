import type { SealHead, SealSubject } from "./store";

/** Why a seal is wrong. */
export type SealFault =
  /** It doesn't follow from the seals before it, or was itself changed. */
  | "chain"
  /** The rows that it covers are not the ones that were sealed. */
  | "rows"
  /** An earlier export has it, word for word otherwise. */
  | "rewritten"
  /** An earlier export has it, and it is gone. */
  | "gone";

/** A seal that is wrong. */
export interface SealProblem {
  number: bigint;
  subject: SealSubject;
  fromId: bigint;
  toId: bigint;
  fault: SealFault;
  /** How many rows (postings counted as rows) were sealed, and are there now. */
  rowsSealed: bigint;
  rowsFound: bigint;
  /** The rows as they were exported and as they are now; empty where no export has them. */
  differences: RowDifference[];
}

/** A row's canonical line; null on the side where it is missing. */
export interface RowDifference {
  was: string | null;
  is: string | null;
}

export interface SealReport {
  head: SealHead | null;
  /** Ranges whose rows were hashed again. */
  ranges: number;
  /** The first ones, oldest first, at most some dozens. */
  problems: SealProblem[];
}
