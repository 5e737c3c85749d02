const BELOW_TWENTY = [
  "zéro",
  "un",
  "deux",
  "trois",
  "quatre",
  "cinq",
  "six",
  "sept",
  "huit",
  "neuf",
  "dix",
  "onze",
  "douze",
  "treize",
  "quatorze",
  "quinze",
  "seize",
  "dix-sept",
  "dix-huit",
  "dix-neuf",
] as const;

const TENS = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"] as const;

/** The long scale: a French "billion" is a million millions. "Mille" is invariable, the others are nouns. */
const SCALES = ["", "mille", "million", "milliard", "billion"] as const;

/** A whole number from 0 to 10^15 in French words, traditional spelling (hyphens below one hundred only). */
export function frenchNumber(value: bigint): string {
  if (value === 0n) return BELOW_TWENTY[0];
  const words: string[] = [];
  let rest = value;
  for (let scale = SCALES.length - 1; scale >= 0; scale -= 1) {
    const size = 1000n ** BigInt(scale);
    const count = Number(rest / size);
    rest %= size;
    if (count > 0) words.push(withScale(count, scale));
  }
  return words.join(" ");
}

function withScale(count: number, scale: number): string {
  if (count === 1000) return `mille ${SCALES[scale]}s`;
  if (scale === 0) return belowThousand(count, true);
  if (scale === 1) return count === 1 ? "mille" : `${belowThousand(count, false)} mille`;
  return `${belowThousand(count, true)} ${SCALES[scale]}${count > 1 ? "s" : ""}`;
}

/** `ends`: cent and vingt take their s only when nothing, or a noun such as million, comes after them. */
function belowThousand(count: number, ends: boolean): string {
  const hundreds = Math.trunc(count / 100);
  const rest = count % 100;
  if (hundreds === 0) return belowHundred(rest, ends);
  const cent = hundreds === 1 ? "cent" : `${BELOW_TWENTY[hundreds]} cent${rest === 0 && ends ? "s" : ""}`;
  return rest === 0 ? cent : `${cent} ${belowHundred(rest, ends)}`;
}

function belowHundred(count: number, ends: boolean): string {
  if (count < 20) return BELOW_TWENTY[count] ?? "";
  if (count >= 80) return eighties(count - 80, ends);
  const base = count >= 60 ? 60 : count - (count % 10);
  const rest = count - base;
  const tens = TENS[base / 10] ?? "";
  if (rest === 0) return tens;
  return rest === 1 || rest === 11 ? `${tens} et ${BELOW_TWENTY[rest]}` : `${tens}-${BELOW_TWENTY[rest]}`;
}

function eighties(rest: number, ends: boolean): string {
  if (rest === 0) return ends ? "quatre-vingts" : "quatre-vingt";
  return `quatre-vingt-${BELOW_TWENTY[rest]}`;
}
