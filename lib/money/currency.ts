/** ISO 4217: code → number of decimals. XOF's exponent is 0 (no centimes are in use), NGN's is 2 (kobo). */
export const CURRENCIES = {
  XOF: { decimals: 0 },
  NGN: { decimals: 2 },
} as const;

export type Currency = keyof typeof CURRENCIES;

export function isCurrency(value: string): value is Currency {
  return Object.hasOwn(CURRENCIES, value);
}
