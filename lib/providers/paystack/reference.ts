import { ProviderError } from "../provider";

/**
 * A transfer's reference may hold lower-case letters, digits, - and _ only, and 16 to 50 of them, so ours
 * (`TXN-7K4MABCD2QX9`, upper case throughout) becomes `txn-7k4mabcd2qx9-payout` there, and can be read back.
 * A charge takes ours as it is.
 */
const SUFFIX = "-payout";
const OURS = /^[A-Z0-9-]{9,43}$/;
const THEIRS = /^[a-z0-9-]{9,43}-payout$/;

/** Throws `declined`: what can't be named is never sent. */
export function toTransferReference(reference: string): string {
  if (!OURS.test(reference)) throw new ProviderError("declined", "unsupported_reference");
  return reference.toLowerCase() + SUFFIX;
}

/** Null for a transfer that isn't one of ours, such as one made by hand in Paystack's dashboard. */
export function fromTransferReference(value: unknown): string | null {
  if (typeof value !== "string" || !THEIRS.test(value)) return null;
  return value.slice(0, -SUFFIX.length).toUpperCase();
}

/** A charge's reference; null for anything that no charge is called. */
export function fromChargeReference(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z0-9.=-]{1,64}$/.test(value) ? value : null;
}
