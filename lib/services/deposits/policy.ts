import { PROVIDER_CALL_TIMEOUT_MS } from "@/lib/providers/provider";

/** How long a deposit may stay unpaid before it expires. Money that comes later is still credited. */
export const DEPOSIT_LIFETIME_MS = 60 * 60 * 1000;

/** Until this age an expired deposit is still queried: providers repeat webhooks for as long, and lose some. */
export const QUERIED_FOR_MS = 96 * 60 * 60 * 1000;

/** The shortest pause between two queries about an expired deposit. */
export const QUERY_PAUSE_MS = 60 * 60 * 1000;

/** How often one idempotency key may try again after attempts that never reached the provider. */
export const RETRIES_PER_KEY_MAX = 10;

/** After this long a deposit without a payment page isn't being started any more: its outcome is unknown. */
export const START_TIMEOUT_MS = PROVIDER_CALL_TIMEOUT_MS + 5_000;

/** How long a person who submitted the form waits for the payment page; the call to the provider goes on after it. */
export const FORM_WAIT_MS = 1_500;

/** When to repeat a key whose first call is still running. */
export const IN_PROGRESS_RETRY_SECONDS = 2;
