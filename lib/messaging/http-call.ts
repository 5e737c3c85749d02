import { type Answer, exchange } from "@/lib/providers/exchange";
import { ProviderError } from "@/lib/providers/provider";
import { CONNECT_TIMEOUT_MS, MessageError, SEND_TIMEOUT_MS } from "./channel";

export type { Answer };

const ANSWER_BYTES_MAX = 64 * 1024;

const COMMON_HEADERS = {
  accept: "application/json",
  "accept-encoding": "identity",
  "user-agent": "Cauris/1.0",
};

/** One POST of a form, of an object as JSON, or of bytes as they are; no redirects, no second try. Throws {@link MessageError} `temporary`. */
export async function post(
  url: string,
  content: URLSearchParams | Buffer | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const call = {
    method: "POST" as const,
    url: new URL(url),
    headers: { ...COMMON_HEADERS, ...typeOf(content), ...headers },
    body: bytesOf(content),
    bytesMax: ANSWER_BYTES_MAX,
  };
  try {
    return await exchange(call, { callTimeoutMs: SEND_TIMEOUT_MS, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  } catch (error) {
    if (error instanceof ProviderError) throw new MessageError("temporary", error.providerCode.toLowerCase());
    throw error;
  }
}

function typeOf(content: object): Record<string, string> {
  if (Buffer.isBuffer(content)) return {};
  const isForm = content instanceof URLSearchParams;
  return { "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json" };
}

function bytesOf(content: object): Buffer {
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(
    content instanceof URLSearchParams ? content.toString() : JSON.stringify(content),
    "utf8",
  );
}

/** What a status means that the vendor gave no better reason with: our keys and limits are mended, everything else isn't. */
export function statusError(status: number): MessageError {
  const isOurs = status === 401 || status === 402 || status === 403 || status === 408 || status === 429;
  const isRefused = status >= 400 && status < 500 && !isOurs;
  return new MessageError(isRefused ? "permanent" : "temporary", `http_${status}`);
}
