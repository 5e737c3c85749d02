import type { MethodRow } from "../provider";

/** One naira, and one million: in kobo. Paystack's own minimum for a charge may be higher and is its to say. */
const MIN_MINOR = 100n;
const MAX_MINOR = 100_000_000n;

const LIMITS = { currency: "NGN", minMinor: MIN_MINOR, maxMinor: MAX_MINOR, stepMinor: 1n } as const;

/** Nigeria: a card and a bank account collect, a bank account is paid to. */
export const PAYSTACK_METHODS: readonly MethodRow[] = [
  { method: "card", country: "NG", direction: "in", asks: "email", ...LIMITS },
  { method: "bank", country: "NG", direction: "in", asks: "email", ...LIMITS },
  { method: "bank", country: "NG", direction: "out", asks: "bank_account", ...LIMITS },
];

/** Paystack's channels for a method of ours; any other method leaves the choice to the payment page. */
export const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  card: ["card"],
  bank: ["bank", "bank_transfer"],
};
