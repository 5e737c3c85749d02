import { SignJWT } from "jose";
import { SESSION_COOKIE, sessionCookieValue } from "@/e2e/support/credentials";
import { newKey } from "@/lib/ids";
import type { Deployment } from "../deployment";
import type { Person } from "./person";

/** Issues valid and forged credentials with the deployment's secrets. */
export class CredentialIssuer {
  readonly #deployment: Deployment;
  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** The cookie of an existing session; `options` forge one. */
  async cookieOf(sessionId: string, options: { secret?: string; salt?: string } = {}): Promise<string> {
    const { secret = this.#deployment.secrets.AUTH_SECRET, salt = SESSION_COOKIE } = options;
    return await sessionCookieValue(sessionId, secret, salt);
  }

  /** The cookie of a new session. */
  async sessionCookie(person: Person): Promise<string> {
    return await this.cookieOf(await person.session());
  }

  /** An access token of an API session as lib/auth signs it; `change` forges one. */
  async signToken(
    person: Person,
    sessionId: string,
    change: { secret?: string; audience?: string; type?: string; minutes?: number } = {},
  ): Promise<string> {
    const { secret = this.#deployment.secrets.JWT_SECRET_KEY, type = "access", minutes = 30 } = change;
    const audience = change.audience ?? `${this.#deployment.url}/api`;
    const now = Math.floor(Date.now() / 1000);
    return await new SignJWT({ token_type: type, user_id: Number(person.userId), sid: sessionId })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(person.userId.toString())
      .setJti(newKey())
      .setIssuer(this.#deployment.url)
      .setAudience(audience)
      .setIssuedAt(now - 3_600)
      .setExpirationTime(now + minutes * 60)
      .sign(Buffer.from(secret));
  }

  /** An access token of a new API session. */
  async accessToken(person: Person): Promise<string> {
    return await this.signToken(person, (await person.apiSession()).sessionId);
  }
}
