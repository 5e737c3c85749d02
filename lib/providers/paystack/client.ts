import { type Answer, type ClientOptions, exchange } from "../exchange";
import type { PaystackSettings } from "./manifest";

/**
 * Both throw {@link ProviderError}: `unavailable` when no byte of the request was sent, `outcome_unknown` when the
 * connection was made and no whole answer came. They follow no redirect and never try twice.
 */
export interface PaystackClient {
  /** An answer of more than `bytesMax` is none; 256 kB by default. */
  get(path: string, bytesMax?: number): Promise<Answer>;
  post(path: string, body: object): Promise<Answer>;
}

/** A page of a hundred banks is about 45 kB, a verified transaction with its log rarely more than 20. */
const ANSWER_BYTES_MAX = 256 * 1024;

export function createClient(config: PaystackSettings, options: ClientOptions = {}): PaystackClient {
  const headers = {
    authorization: `Bearer ${config.secretKey}`,
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": "Cauris/1.0",
  };
  const at = (path: string) => new URL(config.apiUrl + path);
  return {
    get: (path, bytesMax = ANSWER_BYTES_MAX) =>
      exchange({ method: "GET", url: at(path), headers, body: Buffer.alloc(0), bytesMax }, options),
    post(path, content) {
      const body = Buffer.from(JSON.stringify(content), "utf8");
      const described = { ...headers, "content-type": "application/json" };
      const bytesMax = ANSWER_BYTES_MAX;
      return exchange({ method: "POST", url: at(path), headers: described, body, bytesMax }, options);
    },
  };
}
