import type { Answer } from "../../exchange";
import { ProviderError } from "../../provider";
import { callWithoutMoney, readData } from "./answer";

export interface Token {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface TokenSource {
  /** One that is good for some minutes more. Throws {@link ProviderError} `unavailable` or `rate_limited`. */
  get(): Promise<string>;
  /** It was refused: the next {@link TokenSource.get} asks for another. */
  forget(value: string): void;
}

const LIFETIME_MS = 24 * 60 * 60_000;
const MARGIN_MS = 5 * 60_000;

/**
 * `expires_at` as the documentation has it (text) or as an integrator's types do (a number, so seconds or milliseconds
 * since 1970: a guess). Never later than the documented 24 hours; half of that when it can't be read.
 */
function readExpiry(value: unknown, now: number): number {
  const expiresAt =
    typeof value === "string"
      ? Date.parse(value)
      : typeof value === "number"
        ? value * (value < 1e11 ? 1000 : 1)
        : NaN;
  return Number.isFinite(expiresAt) ? Math.min(expiresAt, now + LIFETIME_MS) : now + LIFETIME_MS / 2;
}

function toToken(answer: Answer, now: number): Token {
  const { token, expires_at: expiry } = readData(answer, "query");
  if (typeof token !== "string" || !/^[\x21-\x7e]{8,8192}$/.test(token)) {
    throw new ProviderError("unavailable", "malformed_token");
  }
  return { value: token, expiresAt: readExpiry(expiry, now) };
}

/** Keeps one token, and lets all who wait for a new one wait for the same. `held` is one to begin with. */
export function createTokenSource(
  ask: () => Promise<Answer>,
  now: () => number = Date.now,
  held: Token | null = null,
): TokenSource {
  let current = held;
  let coming: Promise<Token> | null = null;
  return {
    async get() {
      if (current && current.expiresAt - MARGIN_MS > now()) return current.value;
      coming ??= callWithoutMoney(async () => toToken(await ask(), now())).finally(() => {
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
