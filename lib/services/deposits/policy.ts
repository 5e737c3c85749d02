import { PROVIDER_CALL_TIMEOUT_MS } from "@/lib/providers/provider";

/** How long a collection may stay unpaid before it is shown as expired. Money that comes later is still credited. */
export const DEPOSIT_LIFETIME_MS = 60 * 60 * 1000;

/** For so long after it was asked for, one that expired is asked about: providers send webhooks for as long, and lose some. */
export const ASKED_FOR_MS = 96 * 60 * 60 * 1000;

/** The least time between two questions about one that expired. */
export const ASKED_AGAIN_AFTER_MS = 60 * 60 * 1000;

/** How often one idempotency key may try again after tries that reached nobody. */
export const RETRIES_PER_KEY_MAX = 10;

/** A deposit without a payment page is still being asked for until now; after that its outcome is unknown. */
export const START_TIMEOUT_MS = PROVIDER_CALL_TIMEOUT_MS + 5_000;

/** When to send a key again whose first call still runs. */
export const IN_PROGRESS_RETRY_SECONDS = 2;

/** A collection is asked about by itself after it stayed silent this long. */
export const QUIET_MS = 60_000;
