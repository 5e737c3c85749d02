const BELOW_TWENTY = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
] as const;

const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"] as const;

/** The short scale: an English "billion" is a thousand millions. */
const SCALES = ["", "thousand", "million", "billion", "trillion", "quadrillion"] as const;

/** A whole number from 0 to 10^15 in English words, with "and" before the last two digits. */
export function englishNumber(value: bigint): string {
  if (value === 0n) return BELOW_TWENTY[0];
  const words: string[] = [];
  let rest = value;
  for (let scale = SCALES.length - 1; scale >= 0; scale -= 1) {
    const size = 1000n ** BigInt(scale);
    const count = Number(rest / size);
    rest %= size;
    if (count === 0) continue;
    // One thousand and five, not one thousand five.
    const linked =
      scale === 0 && count < 100 && words.length > 0 ? `and ${belowHundred(count)}` : belowThousand(count);
    words.push(scale === 0 ? linked : `${belowThousand(count)} ${SCALES[scale]}`);
  }
  return words.join(" ");
}

function belowThousand(count: number): string {
  const hundreds = Math.trunc(count / 100);
  const rest = count % 100;
  if (hundreds === 0) return belowHundred(rest);
  const hundred = `${BELOW_TWENTY[hundreds]} hundred`;
  return rest === 0 ? hundred : `${hundred} and ${belowHundred(rest)}`;
}

function belowHundred(count: number): string {
  if (count < 20) return BELOW_TWENTY[count] ?? "";
  const tens = TENS[Math.trunc(count / 10)] ?? "";
  return count % 10 === 0 ? tens : `${tens}-${BELOW_TWENTY[count % 10]}`;
}
