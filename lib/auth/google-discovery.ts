import { createRemoteJWKSet } from "jose";
import { z } from "zod";

const FETCH_WITHIN_MS = 5_000;

const address = z.url({ protocol: /^https?$/ });

// OpenID Connect Discovery 1.0 §3.
const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
});

export interface Issuer {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  keySet: ReturnType<typeof createRemoteJWKSet>;
}

const issuers = new Map<string, Promise<Issuer>>();

async function discover(issuer: string): Promise<Issuer> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(FETCH_WITHIN_MS),
    redirect: "error",
  });
  if (!response.ok) throw new Error(`the issuer's discovery document answered ${response.status}`);
  const discovered = discoverySchema.parse(await response.json());
  if (discovered.issuer !== issuer) throw new Error("the discovery document names another issuer");
  return {
    authorizationEndpoint: discovered.authorization_endpoint,
    tokenEndpoint: discovered.token_endpoint,
    keySet: createRemoteJWKSet(new URL(discovered.jwks_uri), { timeoutDuration: FETCH_WITHIN_MS }),
  };
}

/** What an issuer says of itself, discovered once; a failure isn't remembered. */
export async function issuerOf(issuer: string): Promise<Issuer> {
  const known = issuers.get(issuer) ?? discover(issuer);
  issuers.set(issuer, known);
  try {
    return await known;
  } catch (error) {
    issuers.delete(issuer);
    throw error;
  }
}
