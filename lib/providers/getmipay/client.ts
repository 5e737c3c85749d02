import { createHmac } from "node:crypto";
import { type Answer, type ClientOptions, exchange } from "../exchange";
import type { GetMiPaySettings } from "./manifest";

/** A longer answer, in either dialect, is none. */
export const ANSWER_BYTES_MAX = 64 * 1024;

export interface GetMiPayClient {
  /** Throws as {@link exchange} does. */
  post(path: string, body: object): Promise<Answer>;
}

/** Hex HMAC-SHA256 of the exact bytes that are sent. */
export function sign(rawBody: string | Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(rawBody).digest("hex");
}

export function createClient(config: GetMiPaySettings, options: ClientOptions = {}): GetMiPayClient {
  return {
    post(path, body) {
      const rawBody = Buffer.from(JSON.stringify(body), "utf8");
      const headers = {
        authorization: `Bearer ${config.apiKey}`,
        "x-signature": sign(rawBody, config.secretKey),
        "content-type": "application/json",
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": "Cauris/1.0",
      };
      const url = new URL(config.apiUrl + path);
      return exchange({ method: "POST", url, headers, body: rawBody, bytesMax: ANSWER_BYTES_MAX }, options);
    },
  };
}
