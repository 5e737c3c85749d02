import { createHmac } from "node:crypto";
import type { GetMiPayConfig } from "./env";
import { type Answer, type ClientOptions, exchange } from "./exchange";

export interface GetMiPayClient {
  /** Throws as {@link exchange} does. */
  post(path: string, body: object): Promise<Answer>;
}

/** Hex HMAC-SHA256 of the exact bytes that are sent. */
export function sign(rawBody: string | Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(rawBody).digest("hex");
}

export function createClient(config: GetMiPayConfig, options: ClientOptions = {}): GetMiPayClient {
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
      return exchange(new URL(config.apiUrl + path), headers, rawBody, options);
    },
  };
}
