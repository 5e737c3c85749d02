export type DeadLetterKind = "job" | "event" | "operation" | "suspense";

/** Something that no machine of ours will bring to its end: a person has to look at it. */
export interface DeadLetter {
  kind: DeadLetterKind;
  /** Of the job, the webhook event, the operation, or the suspense entry. */
  id: string;
  /** Of the operation that it is about; null when there is none that we know. */
  reference: string | null;
  since: Date;
  /** In our own words, as codes. */
  why: string;
  /** What a job failed with. It may quote rows: for a terminal, never for a log. */
  error: string | null;
}
