import { CURRENCIES, type Currency } from "./currency";
import type { Money } from "./money";

/** The two languages that amounts are written in. */
export type MoneyLocale = "fr" | "en";

/** An amount in two parts, so that a page can set the number larger than its unit. */
export interface AmountParts {
  /** `128 450` or `5,000.00`, with `−` in front when below zero. */
  number: string;
  /** `FCFA` or `₦`. */
  unit: string;
  /** Which side of the number the unit stands on in this language. */
  unitFirst: boolean;
}

/** U+202F between groups and U+00A0 before the unit: a line never breaks inside an amount. */
const GROUP_SPACE = "\u202f";
const NO_BREAK_SPACE = "\u00a0";
/** U+2212, the minus of arithmetic: as wide as the plus, and read aloud as "minus". */
const MINUS = "\u2212";

const MARKS = {
  fr: { group: GROUP_SPACE, decimal: "," },
  en: { group: ",", decimal: "." },
} as const;

/**
 * The one place that writes money for people: `5 000 FCFA` and `5 000,00 ₦` in French, `FCFA 5,000` and `₦5,000.00`
 * in English. Written by us, because CLDR writes "F CFA" and differs between versions.
 */
export function formatMoney(money: Money, locale: MoneyLocale): string {
  return join(formatAmount(money, locale), money.currency);
}

/** As {@link formatMoney}, with `+` or `−` in front of it all; zero has no sign. */
export function formatSignedMoney(money: Money, locale: MoneyLocale): string {
  const { amountMinor, currency } = money;
  const unsigned = formatMoney({ amountMinor: absolute(amountMinor), currency }, locale);
  if (amountMinor === 0n) return unsigned;
  return `${amountMinor < 0n ? MINUS : "+"}${NO_BREAK_SPACE}${unsigned}`;
}

/** The number and the unit apart, and their order. */
export function formatAmount(money: Money, locale: MoneyLocale): AmountParts {
  return {
    number: formatNumber(money, locale),
    unit: CURRENCIES[money.currency].symbol,
    unitFirst: locale === "en",
  };
}

function join(parts: AmountParts, currency: Currency): string {
  if (!parts.unitFirst) return `${parts.number}${NO_BREAK_SPACE}${parts.unit}`;
  const negative = parts.number.startsWith(MINUS);
  const number = negative ? parts.number.slice(1) : parts.number;
  const space = CURRENCIES[currency].spaceAfterSymbol ? NO_BREAK_SPACE : "";
  return `${negative ? MINUS : ""}${parts.unit}${space}${number}`;
}

function formatNumber({ amountMinor, currency }: Money, locale: MoneyLocale): string {
  const { decimals } = CURRENCIES[currency];
  const marks = MARKS[locale];
  const digits = absolute(amountMinor)
    .toString()
    .padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(?:\d{3})+$)/g, marks.group);
  const fraction = decimals === 0 ? "" : marks.decimal + digits.slice(-decimals);
  return `${amountMinor < 0n ? MINUS : ""}${whole}${fraction}`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
