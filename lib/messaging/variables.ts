import { z } from "zod";
import { isLoopbackHost } from "@/lib/loopback";
import { isPhoneCountry, PHONE_COUNTRIES, type PhoneCountry, phoneCountryOf } from "@/lib/phone";

// What variables of several vendors may be.

/** Keys and numbers travel in every request: clear text is for this machine only. */
export const apiUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => {
    const url = new URL(text);
    return url.protocol === "https:" || isLoopbackHost(url.hostname);
  }, "must be https, or http on this machine's loopback address")
  .transform((url) => url.replace(/\/+$/, ""));

export const key = z.string().regex(/^[\x21-\x7e]{8,500}$/, "must be at least 8 visible characters");

const CALLBACK_SECRET = /^[A-Za-z0-9_-]{41,100}$/;

/** Part of a path: longer than the log shows of any segment. */
export const callbackSecret = z
  .string()
  .regex(CALLBACK_SECRET, "must be at least 41 random letters, digits, hyphens and underscores");

/** Country codes with commas between, such as `BF,CI`. */
export const countryList = z
  .string()
  .transform((list) => list.split(",").map((code) => code.trim().toUpperCase()))
  .refine((codes) => codes.every(isPhoneCountry), `must be some of ${PHONE_COUNTRIES.join(", ")}`)
  .transform((codes) => codes.filter(isPhoneCountry));

/** True when an E.164 number belongs to one of the countries. */
export function isIn(countries: readonly PhoneCountry[], e164: string): boolean {
  const country = phoneCountryOf(e164);
  return country !== null && countries.includes(country);
}
