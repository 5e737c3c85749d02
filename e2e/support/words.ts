import fs from "node:fs";
import path from "node:path";
import { amountInWords } from "@/lib/money/amount-in-words";
import { formatMoney, formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";

export type Locale = "fr" | "en";

/** The messages of the pages. */
export type Words = typeof import("@/lib/i18n/messages/fr.json");

export function readWords(locale: Locale): Words {
  const file = path.resolve("lib", "i18n", "messages", `${locale}.json`);
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** A message with its `{placeholders}` filled. No plurals. */
export function say(message: string, values: Record<string, string>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** `5 000 FCFA`, `FCFA 5,000`. */
export function francs(amount: number | bigint, locale: Locale): string {
  return formatMoney(money(BigInt(amount), "XOF"), locale);
}

/** `− 2 000 FCFA`. */
export function signedFrancs(amount: number | bigint, locale: Locale): string {
  return formatSignedMoney(money(BigInt(amount), "XOF"), locale);
}

export function francsInWords(amount: number | bigint, locale: Locale): string {
  return amountInWords(money(BigInt(amount), "XOF"), locale);
}

/** `/wallet` in French, `/en/wallet` in English. */
export function pathIn(locale: Locale, to: string): string {
  if (locale === "fr") return to;
  return to === "/" ? "/en" : `/en${to}`;
}

/** Matches a text that contains `sentence`, whatever kinds of space are in it. */
export function containing(sentence: string): RegExp {
  const escaped = sentence.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(escaped.replace(/\s+/g, "\\s+"));
}
