import { createHash, randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { z } from "zod";
import { isLoopbackUrl } from "@/lib/loopback";
import { type GoogleAccount, pageLocale, renderAuthorize, renderInvalid } from "./google-page";
import { form, type Handler, type Incoming, isSame, json, type Reply, seeOther } from "./http";

export interface GoogleClient {
  clientId: string;
  clientSecret: string;
}

const CODE_LIFE_MS = 60_000;
const TOKEN_LIFE_MS = 3_600_000;
const KEY_ID = "sandbox-1";
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#26245c"/><circle cx="48" cy="38" r="16" fill="#e39a3c"/><path d="M16 96a32 32 0 0 1 64 0z" fill="#e39a3c"/></svg>`;

interface Grant {
  account: GoogleAccount;
  redirectUri: string;
  nonce: string | null;
  codeChallenge: string | null;
  expiresAt: number;
}

/** Authorization codes and tokens: values under random names until they expire. */
class ShortLived<Value extends { expiresAt: number }> {
  private readonly values = new Map<string, Value>();

  add(value: Value): string {
    for (const [name, { expiresAt }] of this.values) if (expiresAt < Date.now()) this.values.delete(name);
    const name = randomBytes(32).toString("base64url");
    this.values.set(name, value);
    return name;
  }

  find(name: string): Value | null {
    const value = this.values.get(name);
    return value && value.expiresAt >= Date.now() ? value : null;
  }

  /** Finds and removes it. */
  take(name: string): Value | null {
    const value = this.find(name);
    this.values.delete(name);
    return value;
  }
}

const accountSchema = z.object({
  email: z.email().max(200).toLowerCase(),
  first_name: z.string().trim().min(1).max(100),
  last_name: z.string().trim().max(100),
  email_verified: z.literal("on").optional().catch(undefined),
});

/** 21 digits as Google's are, always the same for an e-mail address. */
function subjectOf(email: string): string {
  const digest = createHash("sha256").update(`google-sandbox:${email}`).digest("hex").slice(0, 24);
  return `1${(BigInt(`0x${digest}`) % 10n ** 20n).toString().padStart(20, "0")}`;
}

function claimsOf(account: GoogleAccount, base: string) {
  return {
    sub: subjectOf(account.email),
    email: account.email,
    email_verified: account.isEmailVerified,
    name: `${account.firstName} ${account.lastName}`.trim(),
    given_name: account.firstName,
    family_name: account.lastName,
    picture: `${base}/google/picture.svg`,
  };
}

function discovery(issuer: string): Reply {
  return json(200, {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "email", "profile"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: ["authorization_code"],
  });
}

/** The wrong parameter, for which the browser isn't sent to the redirect_uri; null when all are right. */
function findFault(query: URLSearchParams, client: GoogleClient): string | null {
  if (query.get("client_id") !== client.clientId) return "client_id";
  if (!isLoopbackUrl(query.get("redirect_uri") ?? "")) return "redirect_uri";
  if (query.get("response_type") !== "code") return "response_type";
  if (!(query.get("scope") ?? "").split(" ").includes("openid")) return "scope";
  const isPkce = query.has("code_challenge");
  return isPkce && query.get("code_challenge_method") !== "S256" ? "code_challenge_method" : null;
}

function authorize(incoming: Incoming, client: GoogleClient, codes: ShortLived<Grant>): Reply {
  const query = incoming.url.searchParams;
  const locale = pageLocale(incoming);
  const fault = findFault(query, client);
  if (fault !== null) return renderInvalid(locale, fault);
  const redirectUri = query.get("redirect_uri") ?? "";
  if (incoming.method !== "POST") return renderAuthorize(locale, query, redirectUri);

  const target = new URL(redirectUri);
  const state = query.get("state");
  if (state !== null) target.searchParams.set("state", state);
  const fields = form(incoming);
  if (fields.get("action") !== "allow") {
    target.searchParams.set("error", "access_denied");
    return seeOther(target.href);
  }
  const typed = accountSchema.safeParse(Object.fromEntries(fields));
  if (!typed.success) return renderInvalid(locale, String(typed.error.issues[0]?.path[0]));
  const { email, first_name: firstName, last_name: lastName, email_verified: verified } = typed.data;
  const code = codes.add({
    account: { email, firstName, lastName, isEmailVerified: verified === "on" },
    redirectUri,
    nonce: query.get("nonce"),
    codeChallenge: query.get("code_challenge"),
    expiresAt: Date.now() + CODE_LIFE_MS,
  });
  target.searchParams.set("code", code);
  return seeOther(target.href);
}

/** RFC 6749 §2.3.1: in the Authorization header, form-encoded, or in the body. */
function isOwnClient(incoming: Incoming, fields: URLSearchParams, client: GoogleClient): boolean {
  const basic = /^Basic (.+)$/i.exec(incoming.headers.get("authorization") ?? "")?.[1];
  const [id = "", secret = ""] = basic
    ? Buffer.from(basic, "base64")
        .toString("utf8")
        .split(":", 2)
        .map((part) => new URLSearchParams(`v=${part}`).get("v") ?? "")
    : [fields.get("client_id") ?? "", fields.get("client_secret") ?? ""];
  const isId = isSame(id, client.clientId);
  return isSame(secret, client.clientSecret) && isId;
}

function isRedeemable(grant: Grant, fields: URLSearchParams): boolean {
  if (fields.get("redirect_uri") !== grant.redirectUri) return false;
  if (grant.codeChallenge === null) return true;
  const verifier = fields.get("code_verifier") ?? "";
  return isSame(createHash("sha256").update(verifier).digest("base64url"), grant.codeChallenge);
}

/** Google's side of "sign in with Google" under `<base>/google`, an OpenID Connect issuer with its own key. */
export function createGoogle(client: GoogleClient): Handler {
  const codes = new ShortLived<Grant>();
  const tokens = new ShortLived<{ account: GoogleAccount; expiresAt: number }>();
  let keyPair: ReturnType<typeof generateKeyPair> | undefined;
  const keys = () => {
    keyPair ??= generateKeyPair("RS256");
    return keyPair;
  };

  async function token(incoming: Incoming): Promise<Reply> {
    const fields = form(incoming);
    if (!isOwnClient(incoming, fields, client)) return json(401, { error: "invalid_client" });
    if (fields.get("grant_type") !== "authorization_code")
      return json(400, { error: "unsupported_grant_type" });
    const grant = codes.take(fields.get("code") ?? "");
    if (!grant || !isRedeemable(grant, fields)) return json(400, { error: "invalid_grant" });
    const claims = claimsOf(grant.account, incoming.base);
    const idToken = await new SignJWT({ ...claims, ...(grant.nonce === null ? {} : { nonce: grant.nonce }) })
      .setProtectedHeader({ alg: "RS256", kid: KEY_ID, typ: "JWT" })
      .setIssuer(`${incoming.base}/google`)
      .setAudience(client.clientId)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign((await keys()).privateKey);
    return json(200, {
      access_token: tokens.add({ account: grant.account, expiresAt: Date.now() + TOKEN_LIFE_MS }),
      token_type: "Bearer",
      expires_in: TOKEN_LIFE_MS / 1000,
      scope: "openid email profile",
      id_token: idToken,
    });
  }

  function userinfo(incoming: Incoming): Reply {
    const bearer = /^Bearer (.+)$/i.exec(incoming.headers.get("authorization") ?? "")?.[1] ?? "";
    const found = tokens.find(bearer);
    return found ? json(200, claimsOf(found.account, incoming.base)) : json(401, { error: "invalid_token" });
  }

  return async (incoming) => {
    switch (`${incoming.method} ${incoming.url.pathname}`) {
      case "GET /google/.well-known/openid-configuration":
        return discovery(`${incoming.base}/google`);
      case "GET /google/jwks": {
        const jwk = await exportJWK((await keys()).publicKey);
        return json(200, { keys: [{ ...jwk, kid: KEY_ID, alg: "RS256", use: "sig" }] });
      }
      case "GET /google/authorize":
      case "POST /google/authorize":
        return authorize(incoming, client, codes);
      case "POST /google/token":
        return token(incoming);
      case "GET /google/userinfo":
        return userinfo(incoming);
      case "GET /google/picture.svg":
        return { status: 200, headers: { "content-type": "image/svg+xml" }, body: PICTURE };
      default:
        return json(404, { error: "not_found" });
    }
  };
}
