import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Callbacks are unsigned, so each collection gets an address of its own that nobody can guess. Who calls it knows it
 * from us: then our reference may be believed, and nothing else.
 */
function prove(reference: string, secret: string): string {
  return createHmac("sha256", secret).update(`getmipay collection ${reference}`).digest("hex");
}

/** `callbackUrl` with our reference and its proof in the query. */
export function withProof(callbackUrl: string, reference: string, secret: string): string {
  const url = new URL(callbackUrl);
  url.searchParams.set("reference", reference);
  url.searchParams.set("proof", prove(reference, secret));
  return url.href;
}

/** Our reference that a called address proves; null when it proves none. */
export function readProof(callbackUrl: URL, secret: string): string | null {
  const [reference, ...references] = callbackUrl.searchParams.getAll("reference");
  const [proof = "", ...proofs] = callbackUrl.searchParams.getAll("proof");
  if (reference === undefined || references.length > 0 || proofs.length > 0) return null;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(reference) || !/^[0-9a-f]{64}$/.test(proof)) return null;
  const expected = Buffer.from(prove(reference, secret), "hex");
  return timingSafeEqual(expected, Buffer.from(proof, "hex")) ? reference : null;
}
