import { parsePhoneNumberFromString, validatePhoneNumberLength } from "libphonenumber-js/mobile";
import { stripInvisible } from "./text";

/** The countries whose mobile numbers we take, with their calling codes (ITU-T E.164). */
const CALLING_CODES = {
  BF: "226",
  CI: "225",
  SN: "221",
  ML: "223",
  TG: "228",
  BJ: "229",
  NE: "227",
  GW: "245",
  NG: "234",
} as const;

export type PhoneCountry = keyof typeof CALLING_CODES;

export const PHONE_COUNTRIES = Object.keys(CALLING_CODES) as [PhoneCountry, ...PhoneCountry[]];

/** Whose local number is meant where nothing tells the country. */
export const DEFAULT_PHONE_COUNTRY: PhoneCountry = "BF";

export interface Phone {
  /** With the plus sign: what is stored and what providers are told. */
  e164: string;
  country: PhoneCountry;
}

export interface PhoneProblem {
  /** `old_format`: an Ivorian number of before 2021, whose new prefix depends on the operator. */
  reason: "invalid" | "unsupported_country" | "old_format";
}

/** The key below `fields.` in the messages of each reason to refuse a number. */
export const PHONE_REASONS = {
  invalid: "phone_invalid",
  unsupported_country: "phone_country",
  old_format: "phone_old_format",
} as const satisfies Record<PhoneProblem["reason"], string>;

/** An Ivorian number in today's format, for the message about an old one. */
export const PHONE_EXAMPLE = "+225 07 12 34 56 78";

const INPUT_LENGTH_MAX = 40;
/** Spaces, dots, hyphens and dashes of every kind, slashes, parentheses, and what a copied link begins with. */
const SEPARATORS = /^\s*tel:|[\s.()/·\u2044\-\u2010-\u2015\u2212]/gi;
const OLD_NATIONAL_LENGTH = 8;

export function isPhoneCountry(value: string): value is PhoneCountry {
  return Object.hasOwn(CALLING_CODES, value);
}

/** `226` for `BF`: digits only. */
export function callingCodeOf(country: PhoneCountry): string {
  return CALLING_CODES[country];
}

/** The country of an E.164 number; null for countries that we don't take. */
export function phoneCountryOf(e164: string): PhoneCountry | null {
  return PHONE_COUNTRIES.find((country) => e164.startsWith(`+${CALLING_CODES[country]}`)) ?? null;
}

/** Which of the region's two clocks a country goes by: UTC+0 or UTC+1, without daylight saving time (IANA tz database). */
const TIME_ZONES = {
  BF: "Africa/Abidjan",
  CI: "Africa/Abidjan",
  SN: "Africa/Abidjan",
  ML: "Africa/Abidjan",
  TG: "Africa/Abidjan",
  GW: "Africa/Abidjan",
  BJ: "Africa/Lagos",
  NE: "Africa/Lagos",
  NG: "Africa/Lagos",
} as const satisfies Record<PhoneCountry, string>;

export type TimeZone = (typeof TIME_ZONES)[PhoneCountry];

export function timeZoneOf(country: PhoneCountry): TimeZone {
  return TIME_ZONES[country];
}

/** The country of a number typed without a calling code: that of the owner's own number (E.164), or else Burkina Faso. */
export function homeCountryOf(ownPhone: string | null): PhoneCountry {
  return (ownPhone && phoneCountryOf(ownPhone)) || DEFAULT_PHONE_COUNTRY;
}

/** Digits only, with a plus when the number names its country; null when anything else is in it. */
function normalise(input: string): string | null {
  if (input.length > INPUT_LENGTH_MAX) return null;
  const bare = stripInvisible(input).replace(SEPARATORS, "").replace(/^00/, "+");
  return /^\+?[0-9]{5,15}$/.test(bare) ? bare : null;
}

/** The part after `country`'s calling code, when the number is written with it or is local to it. */
function nationalDigits(bare: string, country: PhoneCountry, defaultCountry?: PhoneCountry): string | null {
  const code = CALLING_CODES[country];
  if (bare.startsWith(`+${code}`)) return bare.slice(code.length + 1);
  // Many people type the calling code without its plus; no country's local numbers are that long.
  if (bare.startsWith(code) && bare.length === code.length + OLD_NATIONAL_LENGTH)
    return bare.slice(code.length);
  return !bare.startsWith("+") && defaultCountry === country ? bare : null;
}

/** Benin put 01 before every number on 30 November 2024: an old number has exactly one new form. */
function migrateBenin(bare: string, defaultCountry?: PhoneCountry): string {
  const national = nationalDigits(bare, "BJ", defaultCountry);
  return national?.length === OLD_NATIONAL_LENGTH ? `+${CALLING_CODES.BJ}01${national}` : bare;
}

function parseMobile(bare: string, defaultCountry?: PhoneCountry): Phone | PhoneProblem {
  const parsed = parsePhoneNumberFromString(bare, defaultCountry);
  if (!parsed) return { reason: "invalid" };
  const supported = PHONE_COUNTRIES.find((country) => CALLING_CODES[country] === parsed.countryCallingCode);
  if (!supported) {
    const plausible = validatePhoneNumberLength(parsed.number) === undefined;
    return { reason: plausible ? "unsupported_country" : "invalid" };
  }
  return parsed.isValid() ? { e164: parsed.number, country: supported } : { reason: "invalid" };
}

/**
 * A mobile number as people type it: with `+` or `00`, or local to `defaultCountry`. Spaces, dots, hyphens,
 * slashes, parentheses and invisible characters are ignored; anything else but ASCII digits makes it invalid. Côte d'Ivoire and Benin keep their
 * leading zero. Validity comes from libphonenumber's mobile metadata, so fixed lines are invalid.
 */
export function parsePhone(input: string, defaultCountry?: PhoneCountry): Phone | PhoneProblem {
  const normalised = normalise(input);
  if (normalised === null) return { reason: "invalid" };
  if (nationalDigits(normalised, "CI", defaultCountry)?.length === OLD_NATIONAL_LENGTH) {
    return { reason: "old_format" };
  }
  const bare = migrateBenin(normalised, defaultCountry);
  const direct = parseMobile(bare, defaultCountry);
  if ("e164" in direct || bare.startsWith("+")) return direct;
  // Many people type the calling code without its plus; the first result stands where that gives no valid number.
  const withPlus = parseMobile(`+${bare}`);
  return "e164" in withPlus ? withPlus : direct;
}

// A number must not wrap at the end of a line.
const NO_BREAK_SPACE = "\u00a0";

/** `+226 70 00 00 01` with no-break spaces, for its owner only. Input that isn't a phone number is returned unchanged. */
export function formatPhone(e164: string): string {
  const written = parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
  return written.replaceAll(" ", NO_BREAK_SPACE);
}

/** `+226 70 •• •• 01`: calling code, the first two and last two digits. Input that isn't a phone number is masked whole. */
export function maskPhone(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164);
  const digitCount = parsed?.nationalNumber.length ?? 0;
  if (!parsed || digitCount < 6) return "••••";
  const prefix = `+${parsed.countryCallingCode} `;
  const national = parsed.formatInternational().slice(prefix.length);
  let position = 0;
  const masked = national.replace(/[0-9]/g, (digit) => {
    position += 1;
    return position <= 2 || position > digitCount - 2 ? digit : "•";
  });
  return (prefix + masked).replaceAll(" ", NO_BREAK_SPACE);
}
