import { type Answer, type Fields, isFields, parseJson } from "../../exchange";
import { ProviderError, type ProviderErrorKind } from "../../provider";

/** Theirs have no slash, so that two of them joined with one can be split again. */
export function identifier(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? value : null;
}

/** What a call is for: the same error text means something else about a payer than about our own account. */
export type Purpose = "collection" | "payout" | "query";

const ABOUT_THE_RECIPIENT =
  /wallet|phone|recipient|msisdn|t[ée]l[ée]phone|num[ée]ro|destinataire|b[ée]n[ée]ficiaire/i;
const ABOUT_OUR_BALANCE = /insufficient|insuffisant/i;

/**
 * The text of GetMiPay's own refusal, `{"success": false, "message"}` (documented); null for any other body.
 * The `errors` beside it are a guess, from the framework that such responses usually come from.
 */
function readComplaint(body: string): string | null {
  const fields = parseJson(body);
  if (!isFields(fields) || fields.success !== false) return null;
  const { message, errors } = fields;
  return `${typeof message === "string" ? message : ""} ${JSON.stringify(errors ?? "")}`;
}

/** A refusal is conclusive only in GetMiPay's own format: a proxy's error says nothing about the money. */
function refusalKind(text: string | null, purpose: Purpose): ProviderErrorKind {
  if (text === null) return "outcome_unknown";
  // The texts of these two aren't documented and are guessed; either way nothing moved.
  if (purpose === "payout" && ABOUT_OUR_BALANCE.test(text)) return "insufficient_float";
  return ABOUT_THE_RECIPIENT.test(text) ? "invalid_destination" : "declined";
}

function errorKind({ status, body }: Answer, purpose: Purpose): ProviderErrorKind {
  switch (status) {
    case 400:
    case 403:
    case 422:
      return refusalKind(readComplaint(body), purpose);
    case 401:
      return "unavailable";
    // Not documented, as this dialect takes no reference of ours; should it come, nothing new was started.
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

/** True when GetMiPay refuses in its own format, with one of these statuses. */
export function isRefusal({ status, body }: Answer, statuses: readonly number[]): boolean {
  return statuses.includes(status) && readComplaint(body) !== null;
}

/** Wraps a call that can't move money: any failure but a rate limit is `unavailable`, never a refusal. */
export async function callWithoutMoney<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === "rate_limited") throw error;
    throw new ProviderError("unavailable", error.providerCode);
  }
}

/** The `data` of a success. Throws {@link ProviderError}; a 2xx of another shape is `outcome_unknown`. */
export function readData(answer: Answer, purpose: Purpose): Fields {
  if (answer.status < 200 || answer.status > 299) throw toProviderError(answer, purpose);
  const envelope = parseJson(answer.body);
  if (!isFields(envelope) || envelope.success !== true || !isFields(envelope.data)) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  return envelope.data;
}
