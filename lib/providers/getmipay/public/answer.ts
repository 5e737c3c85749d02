import type { Answer } from "../../exchange";
import { ProviderError, type ProviderErrorKind } from "../../provider";

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Theirs never holds a slash: two of them joined with one can be taken apart again. */
export function identifier(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? value : null;
}

/** What a call is for: the same words mean another thing about a payer than about our own account. */
export type Purpose = "collection" | "payout" | "question";

const ABOUT_THE_RECIPIENT =
  /wallet|phone|recipient|msisdn|t[ée]l[ée]phone|num[ée]ro|destinataire|b[ée]n[ée]ficiaire/i;
const ABOUT_OUR_BALANCE = /insufficient|insuffisant/i;

/**
 * The text of GetMiPay's own no, `{"success": false, "message"}` (documented); null when the body is somebody else's.
 * The `errors` beside it are a guess, from the framework that such answers usually come from.
 */
function readComplaint(body: string): string | null {
  const fields = parseJson(body);
  if (!isFields(fields) || fields.success !== false) return null;
  const { message, errors } = fields;
  return `${typeof message === "string" ? message : ""} ${JSON.stringify(errors ?? "")}`;
}

/** A no is conclusive only in GetMiPay's own words: a proxy in between knows nothing about the money. */
function refusalKind(words: string | null, purpose: Purpose): ProviderErrorKind {
  if (words === null) return "outcome_unknown";
  // How these two read isn't documented: guesses, of which either way means that nothing moved.
  if (purpose === "payout" && ABOUT_OUR_BALANCE.test(words)) return "insufficient_float";
  return ABOUT_THE_RECIPIENT.test(words) ? "invalid_destination" : "declined";
}

function errorKind({ status, body }: Answer, purpose: Purpose): ProviderErrorKind {
  switch (status) {
    case 400:
    case 403:
    case 422:
      return refusalKind(readComplaint(body), purpose);
    case 401:
      return "unavailable";
    // Not documented, as this dialect knows no reference of ours; should it come, nothing new was begun.
    case 409:
      return "duplicate";
    case 429:
      return "rate_limited";
    default:
      return "outcome_unknown";
  }
}

/**
 * What an answer other than 2xx means. Documented are 400, 401, 403, 404, 422 and 500, without codes of their own.
 * The text is never passed on: it could repeat a phone number.
 */
export function toProviderError(answer: Answer, purpose: Purpose): ProviderError {
  return new ProviderError(errorKind(answer, purpose), `http_${answer.status}`);
}

/** True when GetMiPay refuses in its own words, with one of these statuses. */
export function isRefusal({ status, body }: Answer, statuses: readonly number[]): boolean {
  return statuses.includes(status) && readComplaint(body) !== null;
}

/** For a call that moves no money whatever becomes of it: without an answer it is `unavailable`, never a no. */
export async function harmless<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === "rate_limited") throw error;
    throw new ProviderError("unavailable", error.providerCode);
  }
}

/** The `data` of a yes. Throws {@link ProviderError}; a 2xx that isn't a yes in their own shape is `outcome_unknown`. */
export function readData(answer: Answer, purpose: Purpose): Fields {
  if (answer.status < 200 || answer.status > 299) throw toProviderError(answer, purpose);
  const envelope = parseJson(answer.body);
  if (!isFields(envelope) || envelope.success !== true || !isFields(envelope.data)) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  return envelope.data;
}
