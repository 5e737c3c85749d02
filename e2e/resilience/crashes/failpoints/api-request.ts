const RESPONSE_WITHIN_MS = 60_000;
/** Error codes after which the request is sent again with the same key. */
const RETRYABLE = new Set(["unavailable", "idempotency_in_progress"]);

/** A definite response of the API. */
export interface ApiResponse {
  status: number;
  /** Error code; null for a success. */
  code: string | null;
  body: Record<string, unknown>;
}

export interface ApiRequest {
  token: string;
  key?: string;
  method?: "GET" | "POST";
  body?: unknown;
}

/** The request must be sent again: it is still running, or the app is unavailable. */
export class RetryableError extends Error {}

/** Sends a request of the JSON API. Throws RetryableError, or an error for which {@link isConnectionError} is true. */
export async function sendApiRequest(
  url: string,
  { token, key, method = "POST", body }: ApiRequest,
): Promise<ApiResponse> {
  const response = await fetch(url, {
    method,
    headers: {
      ...credentialOf(token),
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      connection: "close",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "manual",
    signal: AbortSignal.timeout(RESPONSE_WITHIN_MS),
  });
  const text = await response.text();
  const parsed = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  const code = typeof parsed.code === "string" ? parsed.code : null;
  if (code !== null && RETRYABLE.has(code)) throw new RetryableError(code);
  return { status: response.status, code, body: parsed };
}

function credentialOf(token: string): Record<string, string> {
  if (token === "") return {};
  return token.startsWith("sk_") ? { "x-api-key": token } : { authorization: `Bearer ${token}` };
}

/** True for the errors of fetch when the connection failed or the response was cut. */
export function isConnectionError(error: unknown): boolean {
  return (
    (error instanceof TypeError && /fetch failed|terminated/.test(error.message)) ||
    error instanceof SyntaxError ||
    (error instanceof Error && error.name === "TimeoutError")
  );
}
