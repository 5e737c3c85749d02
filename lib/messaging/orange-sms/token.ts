import { MessageError } from "../channel";
import { post } from "../http-call";
import { at, parseJson } from "../json-fields";
import type { OrangeSmsSettings } from "./manifest";

interface Token {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface TokenSource {
  /** One that is good for some minutes more. Throws {@link MessageError} `temporary`. */
  get(): Promise<string>;
  /** It was refused: the next call asks for another. */
  forget(value: string): void;
}

const MARGIN_MS = 2 * 60_000;
/** As documented; the answer's `expires_in` is a text or a number of seconds. */
const LIFETIME_MS = 60 * 60_000;

async function ask({ apiUrl, clientId, clientSecret }: OrangeSmsSettings, now: number): Promise<Token> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  const answer = await post(`${apiUrl}/oauth/v3/token`, grant, { authorization: `Basic ${basic}` });
  const body = parseJson(answer.body);
  const value = at(body, "access_token");
  if (answer.status !== 200 || typeof value !== "string" || !/^[\x21-\x7e]{8,8192}$/.test(value)) {
    throw new MessageError("temporary", `token_http_${answer.status}`);
  }
  const lifetimeMs = Number(at(body, "expires_in")) * 1_000;
  return { value, expiresAt: now + (lifetimeMs > 0 ? Math.min(lifetimeMs, LIFETIME_MS) : LIFETIME_MS) };
}

/** Keeps one token, and lets all who wait for a new one wait for the same. */
export function createTokenSource(settings: OrangeSmsSettings, now: () => number = Date.now): TokenSource {
  let current: Token | null = null;
  let coming: Promise<Token> | null = null;
  return {
    async get() {
      if (current && current.expiresAt - MARGIN_MS > now()) return current.value;
      coming ??= ask(settings, now()).finally(() => {
        coming = null;
      });
      current = await coming;
      return current.value;
    },
    forget(value) {
      if (current?.value === value) current = null;
    },
  };
}
