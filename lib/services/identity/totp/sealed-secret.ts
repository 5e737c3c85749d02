import { openText, sealText } from "@/lib/sealed-text";

const sealedFor = (userId: bigint) => ({ kind: "authenticator secrets", id: userId.toString() });

/** An authenticator's secret as its row keeps it. */
export function sealSecret(userId: bigint, secret: string): Buffer {
  return sealText(sealedFor(userId), secret);
}

/** Null when no configured secret opens it. */
export function openSecret(userId: bigint, sealed: Buffer): string | null {
  return openText(sealedFor(userId), sealed);
}
