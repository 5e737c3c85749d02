import type { StatementFormat } from "./schema";

/**
 * How many lines are made while somebody waits for the answer; the worker makes longer ones. Chosen so that it takes about a second
 * of one core: README.md has the measurements.
 */
export const LINES_AT_ONCE_MAX: Readonly<Record<StatementFormat, bigint>> = {
  pdf: 1_000n,
  csv: 20_000n,
  machine: 20_000n,
};

/** How many lines one answer of the API holds as JSON: some hundred bytes each, all in memory. */
export const LINES_IN_ANSWER_MAX = 5_000n;

/** The longest PDF: more pages than anybody reads. Longer statements are for programs, which read CSV. */
export const PDF_LINES_MAX = 50_000n;

/** Statements of one person that are made at once in this process. */
export const AT_ONCE_MAX = 2;

const HOUR_MS = 60 * 60 * 1000;

/** How long a file is kept. */
export const KEPT_FOR_MS = 7 * 24 * HOUR_MS;

/** After so many failed attempts a file is given up. */
export const ATTEMPTS_MAX = 5;

/** A file that nothing happened to for this long has lost its job: the sweep writes it again. */
export const STALE_AFTER_MS = HOUR_MS;

/** A file larger than this is given up: a bound on what one person can have us store. */
export const FILE_BYTES_MAX = 1_000_000_000;

/** Of a chunk: what one row of the table holds. */
export const CHUNK_BYTES = 256 * 1024;

/** How many months the page links to. */
export const MONTHS_LISTED = 12;
