import { createHash } from "node:crypto";
import type { TokenHolder, VerifiedToken } from "./access-token";

const TOKENS_MAX = 20_000;

/**
 * A cache of tokens whose signature and claims are valid, by hash. Verifying costs five times what the rest of a call does,
 * and gives the same answer until the token expires. Whether its session still works is checked elsewhere.
 */
export class VerifiedTokens {
  private readonly verified = new Map<string, VerifiedToken>();

  constructor(
    private readonly verify: (token: string) => Promise<VerifiedToken | null>,
    private readonly max = TOKENS_MAX,
  ) {}

  /** Who a token was signed for; null for one that isn't valid, or has expired. */
  async find(token: string): Promise<TokenHolder | null> {
    const key = createHash("sha256").update(token).digest("base64");
    const known = this.verified.get(key);
    if (known !== undefined) {
      if (Date.now() < known.expiresAtMs) return known.holder;
      this.verified.delete(key);
      return null;
    }
    const verified = await this.verify(token);
    if (verified === null) return null;
    if (this.verified.size >= this.max) {
      const [oldest] = this.verified.keys();
      if (oldest !== undefined) this.verified.delete(oldest);
    }
    this.verified.set(key, verified);
    return verified.holder;
  }
}
