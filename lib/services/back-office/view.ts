export type DeadLetterKind = "job" | "event" | "operation" | "suspense";

/** Something that the system can't finish by itself: an operator has to look at it. */
export interface DeadLetter {
  kind: DeadLetterKind;
  /** Of the job, the webhook event, the operation, or the suspense entry. */
  id: string;
  /** Of the operation that it is about; null when none is known. */
  reference: string | null;
  /** Of that operation: the wallet's number and its owner's first name and initial. */
  owner: string | null;
  since: Date;
  /** A code of ours. */
  why: string;
  /** The last error of a job. It may quote rows: for a terminal, never for a log. */
  error: string | null;
}
