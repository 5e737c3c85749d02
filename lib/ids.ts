import { randomInt, randomUUID } from "node:crypto";

// Without 0 O 1 I L U: a reference is read aloud on the phone, and must not spell words.
const REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const REFERENCE_LENGTH = 12;

/** `TXN-` and twelve characters (30^12 of them) that are easy to read aloud: an operation's public reference. */
export function newReference(): string {
  let body = "";
  for (let position = 0; position < REFERENCE_LENGTH; position += 1) {
    body += REFERENCE_ALPHABET[randomInt(REFERENCE_ALPHABET.length)];
  }
  return `TXN-${body}`;
}

/** `TXN-ABCD-EFGH-JKMN`: a reference as it is shown and read aloud. What {@link newReference} didn't make stays as it is. */
export function groupReference(reference: string): string {
  const body = /^TXN-([2-9A-Z]{4})([2-9A-Z]{4})([2-9A-Z]{4})$/.exec(reference);
  return body ? `TXN-${body.slice(1).join("-")}` : reference;
}

/** A reference as it is stored, from one that was typed or copied: with or without its groups, in small letters too. */
export function readReference(typed: string): string {
  const plain = typed.replace(/[\s.,•·_/\u00ad\p{Pd}\p{Cf}]/gu, "").toUpperCase();
  return plain.startsWith("TXN") ? `TXN-${plain.slice(3)}` : plain;
}

/** A random key for a form, a session or a quote: UUID v4, 122 random bits. */
export function newKey(): string {
  return randomUUID();
}

/** True for what {@link newKey} makes. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** Luhn's check digit (ISO/IEC 7812-1 annex B) for a string of decimal digits. */
function checkDigit(digits: string): string {
  let sum = 0;
  for (let position = 0; position < digits.length; position += 1) {
    const digit = Number(digits[digits.length - 1 - position]);
    const weighted = position % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return String((10 - (sum % 10)) % 10);
}

/** A wallet's public number: 13 digits, never a leading zero, the last one a check digit. */
export function newWalletNumber(): string {
  const body = String(randomInt(1, 10)) + String(randomInt(0, 100_000_000_000)).padStart(11, "0");
  return body + checkDigit(body);
}

/** True for 13 digits whose last one is the check digit of the others. */
export function isWalletNumber(value: string): boolean {
  return /^[1-9][0-9]{12}$/.test(value) && checkDigit(value.slice(0, 12)) === value[12];
}
