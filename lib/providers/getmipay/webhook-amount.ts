import { type Money, money } from "@/lib/money/money";
import { type JsonNode, type JsonObject, memberOf } from "../json-node";
import { readWholeAmount } from "../whole-amount";

/** What the seed calls the currency. */
const NAMES_OF_XOF = new Set(["", "XOF", "FCFA", "CFA", "F CFA"]);

/**
 * v1 has whole francs only: without a currency it is XOF. For another currency only its code is returned; where the
 * currency is no code, the francs are returned without one, so that they are booked and looked at.
 */
export function readAmount(data: JsonObject): { amount: Money | null; currencyCode: string | null } {
  const currencyCode = readCurrency(memberOf(data, "currency"));
  if (currencyCode !== "XOF" && currencyCode !== null) return { amount: null, currencyCode };
  const amount = memberOf(data, "amount");
  const text = amount?.kind === "string" ? amount.value.trim() : amount?.kind === "other" ? amount.text : "";
  const francs = readWholeAmount(text);
  return { amount: francs === null ? null : money(francs, "XOF"), currencyCode };
}

function readCurrency(node: JsonNode | null): string | null {
  if (node === null) return "XOF";
  if (node.kind !== "string") return null;
  const code = node.value.trim().toUpperCase();
  if (NAMES_OF_XOF.has(code)) return "XOF";
  return /^[A-Z]{3}$/.test(code) ? code : null;
}
