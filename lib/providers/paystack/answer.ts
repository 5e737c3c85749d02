import { type Answer, isFields, parseJson } from "../exchange";
import { ProviderError, type ProviderErrorKind } from "../provider";

const ABOUT_THE_REFERENCE = /duplicate[a-z_ ]*reference|unique reference|reference already exists/i;
const ABOUT_THE_BALANCE = /balance is not enough|insufficient[ _](balance|funds)/i;
const ABOUT_THE_RECIPIENT = /recipient|account[ _](number|name)|resolve account|bank[ _]code/i;
/** Never free text, which could repeat an account number. */
const PRINTABLE_CODE = /^[a-z][a-z0-9_.]{0,39}$/i;

/** Paystack's own error format. */
interface Complaint {
  code: string | null;
  type: string;
  text: string;
}

function readComplaint(body: string): Complaint | null {
  const fields = parseJson(body);
  if (!isFields(fields) || fields.status !== false) return null;
  const { code, type, message } = fields;
  const printable = typeof code === "string" && PRINTABLE_CODE.test(code) ? code : null;
  return {
    code: printable,
    type: typeof type === "string" ? type : "",
    text: `${printable ?? ""} ${typeof message === "string" ? message : ""}`,
  };
}

/** A 4xx is conclusive only in Paystack's own format: a proxy's error says nothing about the money. */
function refusalKind(complaint: Complaint | null): ProviderErrorKind {
  if (complaint === null) return "outcome_unknown";
  const { type, text } = complaint;
  if (ABOUT_THE_REFERENCE.test(text)) return "duplicate";
  if (ABOUT_THE_BALANCE.test(text)) return "insufficient_float";
  if (ABOUT_THE_RECIPIENT.test(text)) return "invalid_destination";
  // The bank behind Paystack failed midway.
  return type === "processor_error" ? "outcome_unknown" : "declined";
}

/** What an answer other than 2xx means. Statuses that the documentation doesn't name are `outcome_unknown`. */
export function toProviderError({ status, body }: Answer): ProviderError {
  const complaint = readComplaint(body);
  const code = complaint?.code ?? `http_${status}`;
  switch (status) {
    case 400:
    case 403:
    case 422:
      return new ProviderError(refusalKind(complaint), code);
    case 401:
      return new ProviderError("unavailable", code);
    case 429:
      return new ProviderError("rate_limited", code);
    default:
      return new ProviderError("outcome_unknown", code);
  }
}

/** True when Paystack doesn't find it: 404, or 400 for a charge. */
export function isNotFound({ status, body }: Answer): boolean {
  if (status !== 404 && status !== 400) return false;
  const complaint = readComplaint(body);
  return complaint !== null && /not[ _]found/i.test(complaint.text);
}

/** The `data` of a success. Throws {@link ProviderError}; a 2xx of another shape is `outcome_unknown`. */
export function readData(answer: Answer): unknown {
  if (answer.status < 200 || answer.status > 299) throw toProviderError(answer);
  const envelope = parseJson(answer.body);
  if (!isFields(envelope) || envelope.status !== true) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  return envelope.data;
}

/** Wraps a call that can't move money: without a response it is `unavailable`, never `outcome_unknown`. */
export async function callWithoutMoney<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== "outcome_unknown") throw error;
    throw new ProviderError("unavailable", error.providerCode);
  }
}

/** As {@link callWithoutMoney}, for a query: that the query was refused says nothing about the money, so it is `unavailable` too. */
export async function readOnlyQuery<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === "rate_limited") throw error;
    throw new ProviderError("unavailable", error.providerCode);
  }
}
