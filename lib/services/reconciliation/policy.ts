import type { RunRow } from "./store";

const HOUR_MS = 60 * 60 * 1000;

/** A change more recent than this may not have reached the other book yet. */
export const GRACE_MS = 10 * 60 * 1000;

/** How often a span is due, and how far back it looks. Windows overlap, so that no operation is missed between two. */
export const SPANS: Record<Exclude<RunRow["span"], "manual">, { everyMs: number; lookBackMs: number }> = {
  hour: { everyMs: HOUR_MS, lookBackMs: 3 * HOUR_MS },
  day: { everyMs: 24 * HOUR_MS, lookBackMs: 72 * HOUR_MS },
};

/** The provider's clock may be behind ours. */
export const CLOCK_SKEW_MAX_MS = 5 * 60 * 1000;

/** An operation that we recorded in the window may have been submitted this much later. */
export const SUBMITTED_WITHIN_MS = 24 * HOUR_MS;

/** At most so many operations that a list lacks are queried in one run; the rest is left to the next run. */
export const QUERIES_MAX = 100;

/** At most so many entries into suspense are read. */
export const SUSPENDED_MAX = 10_000;

/** At most so many open breaks are shown. */
export const BREAKS_MAX = 500;
