import { type Answer, type ClientOptions, exchange } from "../../exchange";
import { ANSWER_BYTES_MAX } from "../client";
import type { GetMiPaySettings } from "../manifest";
import { createTokenSource, type Token } from "./token";

export interface PublicClientOptions extends ClientOptions {
  /** Milliseconds; the system's clock by default. */
  now?: () => number;
  /** The first token. */
  token?: Token;
}

export interface Call {
  path: string;
  body: object;
  /** `operation` and `service`, where the call has them. */
  headers?: Record<string, string>;
  /** Send it once more with a new token when the one that we held is refused. Never for a payout. */
  again: boolean;
}

export interface PublicClient {
  /**
   * With a token, which is fetched first when there is none. Throws as {@link exchange} does, and `unavailable` or
   * `rate_limited` when no token is to be had: then nothing was sent.
   */
  post(call: Call): Promise<Answer>;
}

const COMMON_HEADERS = {
  "content-type": "application/json",
  accept: "application/json",
  "accept-encoding": "identity",
  "user-agent": "Cauris/1.0",
};

/** POST /action/auth with the key pair, then bearer tokens that live 24 hours (docs.getmipay.com). */
export function createPublicClient(
  config: GetMiPaySettings,
  options: PublicClientOptions = {},
): PublicClient {
  function send(path: string, body: object, headers: Record<string, string>): Promise<Answer> {
    const call = {
      method: "POST",
      url: new URL(config.apiUrl + path),
      headers: { ...COMMON_HEADERS, ...headers },
      body: Buffer.from(JSON.stringify(body), "utf8"),
      bytesMax: ANSWER_BYTES_MAX,
    } as const;
    return exchange(call, options);
  }

  const keys = { public_apikey: config.apiKey, private_secretkey: config.secretKey };
  const tokens = createTokenSource(() => send("/action/auth", keys, {}), options.now, options.token);

  async function attempt({ path, body, headers }: Call): Promise<Answer> {
    const token = await tokens.get();
    const answer = await send(path, body, { ...headers, authorization: `Bearer ${token}` });
    if (answer.status === 401) tokens.forget(token);
    return answer;
  }

  return {
    async post(call) {
      const answer = await attempt(call);
      return answer.status === 401 && call.again ? await attempt(call) : answer;
    },
  };
}
