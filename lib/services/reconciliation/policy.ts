import type { RunRow } from "./store";

const HOUR_MS = 60 * 60 * 1000;

/** What changed on either side a moment ago may not have reached the other yet. */
export const GRACE_MS = 10 * 60 * 1000;

/** How often a span is due, and how far back it looks: windows overlap, so that nothing falls between two. */
export const SPANS: Record<Exclude<RunRow["span"], "manual">, { everyMs: number; lookBackMs: number }> = {
  hour: { everyMs: HOUR_MS, lookBackMs: 3 * HOUR_MS },
  day: { everyMs: 24 * HOUR_MS, lookBackMs: 72 * HOUR_MS },
};

/** The provider's clock may be behind ours. */
export const CLOCKS_APART_MS = 5 * 60 * 1000;

/** What we wrote down in the window may have been handed over later. */
export const HANDED_OVER_WITHIN_MS = 24 * HOUR_MS;

/** What a list doesn't show is asked about by itself, so many times a run; the rest is left to the next run. */
export const QUESTIONS_MAX = 100;

/** At most so many entries into suspense are looked through. */
export const SUSPENDED_MAX = 10_000;

/** At most so many open breaks are shown. */
export const BREAKS_MAX = 500;
