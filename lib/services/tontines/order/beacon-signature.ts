import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";

// drand's scheme bls-unchained-g1-rfc9380: signatures on G1, keys on G2, hashing to the curve as in RFC 9380.
const { shortSignatures } = bls12_381;
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** What is signed in a round: SHA-256 of its number as eight bytes, hashed to the curve. */
function messageOf(round: number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(round));
  return shortSignatures.hash(createHash("sha256").update(bytes).digest(), DOMAIN);
}

/** The randomness of a round is the SHA-256 of its signature, in hex. */
export const randomnessOf = (signature: string): string =>
  createHash("sha256").update(Buffer.from(signature, "hex")).digest("hex");

/** Whether a signature in hex is the beacon's for this round: nobody else can make one, and there is only one. */
export function isSignedRound(round: number, signature: string, publicKey: string): boolean {
  try {
    return shortSignatures.verify(
      Buffer.from(signature, "hex"),
      messageOf(round),
      Buffer.from(publicKey, "hex"),
    );
  } catch {
    // Not a point of the curve.
    return false;
  }
}
