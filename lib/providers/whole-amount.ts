import { AMOUNT_MINOR_MAX } from "@/lib/money/money";

const PLAIN = /^([1-9][0-9]{0,15})(?:\.0*)?$/;
const EXPONENT = /^([1-9])(?:\.([0-9]{1,15}))?e\+?([0-9]{1,2})$/i;

/**
 * A whole positive amount from a number as it is written or from a text: `5000`, `5000.0`, `"5000.00"`, `5e3`. Null for
 * anything else, such as a fraction.
 */
export function readWholeAmount(text: string): bigint | null {
  const plain = PLAIN.exec(text)?.[1];
  if (plain !== undefined) return bounded(BigInt(plain));
  const [, lead, fraction = "", exponent] = EXPONENT.exec(text) ?? [];
  if (lead === undefined || Number(exponent) > 15) return null;
  const digits = fraction.replace(/0+$/, "");
  const zeros = Number(exponent) - digits.length;
  return zeros < 0 ? null : bounded(BigInt(lead + digits + "0".repeat(zeros)));
}

function bounded(amount: bigint): bigint | null {
  return amount <= AMOUNT_MINOR_MAX ? amount : null;
}
