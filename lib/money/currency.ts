interface CurrencyDetails {
  /** ISO 4217's minor unit: 0 for XOF (no centimes are in use), 2 for NGN (kobo). */
  decimals: number;
  /** As it is written beside an amount. */
  symbol: string;
  /** Whether a space stands between symbol and number where the symbol comes first: `FCFA 5,000`, `₦5,000`. */
  spaceAfterSymbol: boolean;
  /** The ways to write the unit before or after an amount, in lower case, longest first. */
  typedUnits: readonly string[];
  /** The unit and its hundredth in words, by language: one, several. */
  words: Record<"fr" | "en", { major: readonly [string, string]; minor: readonly [string, string] }>;
}

/** Every currency of the product, the deployment's first one first. The only place that lists them. */
export const CURRENCIES = {
  XOF: {
    decimals: 0,
    symbol: "FCFA",
    spaceAfterSymbol: true,
    typedUnits: [
      "francs cfa",
      "franc cfa",
      "f. cfa",
      "f.cfa",
      "f cfa",
      "francs",
      "franc",
      "fcfa",
      "cfa",
      "xof",
      "frs",
      "fr",
      "f",
    ],
    words: {
      fr: { major: ["franc", "francs"], minor: ["centime", "centimes"] },
      en: { major: ["franc", "francs"], minor: ["centime", "centimes"] },
    },
  },
  NGN: {
    decimals: 2,
    symbol: "₦",
    spaceAfterSymbol: false,
    typedUnits: ["nairas", "naira", "ngn", "₦", "#", "n"],
    words: {
      fr: { major: ["naira", "nairas"], minor: ["kobo", "kobos"] },
      en: { major: ["naira", "naira"], minor: ["kobo", "kobo"] },
    },
  },
} as const satisfies Record<string, CurrencyDetails>;

/** An ISO 4217 code of {@link CURRENCIES}. */
export type Currency = keyof typeof CURRENCIES;

/** The codes in the table's order, as `z.enum` and a column's `enum` take them. */
export const CURRENCY_CODES = Object.keys(CURRENCIES) as [Currency, ...Currency[]];

/** What a form or an address means that names no currency. */
export const DEFAULT_CURRENCY: Currency = "XOF";

export function isCurrency(value: string): value is Currency {
  return Object.hasOwn(CURRENCIES, value);
}

/** Minor units in one major unit: 1 for XOF, 100 for NGN. */
export function minorPerMajor(currency: Currency): bigint {
  return 10n ** BigInt(CURRENCIES[currency].decimals);
}
