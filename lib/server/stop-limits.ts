/**
 * How long the app and the worker may take to finish what runs when they are asked to stop. Longer than a provider may take
 * to answer (lib/providers/provider.ts), so that neither a request nor a job is cut off while it waits for one.
 */
export const FINISH_WITHIN_MS = 15_000;

/** After which the launcher ends a child by force. */
export const GONE_WITHIN_MS = 20_000;
