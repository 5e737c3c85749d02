/** One invariant as one query: it answers the number of breaches. */
export interface AuditCheck {
  /** The number in lib/ledger/README.md. */
  invariant: number;
  promise: string;
  query: string;
  /** What a full audit asks instead; it may take minutes on a long ledger. */
  fullQuery?: string;
  /** Left out unless the audit is a full one. */
  isFullOnly?: true;
  /** Planner settings of this check only. */
  settings?: string;
}
