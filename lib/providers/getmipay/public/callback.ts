import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Callbacks are unsigned, so each collection gets a callback address with an HMAC of its reference. A call to such an
 * address confirms the reference, and nothing of what the body claims.
 */
function proofOf(reference: string, secret: string): string {
  return createHmac("sha256", secret).update(`getmipay collection ${reference}`).digest("hex");
}

/** `callbackUrl` with our reference and its HMAC in the query. */
export function withProof(callbackUrl: string, reference: string, secret: string): string {
  const url = new URL(callbackUrl);
  url.searchParams.set("reference", reference);
  url.searchParams.set("proof", proofOf(reference, secret));
  return url.href;
}

/** The reference in a called address, when its HMAC is right; else null. */
export function readProof(callbackUrl: URL, secret: string): string | null {
  const [reference, ...references] = callbackUrl.searchParams.getAll("reference");
  const [proof = "", ...proofs] = callbackUrl.searchParams.getAll("proof");
  if (reference === undefined || references.length > 0 || proofs.length > 0) return null;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(reference) || !/^[0-9a-f]{64}$/.test(proof)) return null;
  const expected = Buffer.from(proofOf(reference, secret), "hex");
  return timingSafeEqual(expected, Buffer.from(proof, "hex")) ? reference : null;
}
