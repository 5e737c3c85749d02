import fc from "fast-check";
import { AMOUNT_MINOR_MAX } from "@/lib/money/money";
import type { Random } from "../random";

/** Names with a meaning in JavaScript, in React's encoding of calls or in form parsers. */
export const ODD_NAMES: readonly string[] = [
  ..."__proto__ constructor prototype hasOwnProperty toString then toJSON length".split(" "),
  ..."$ACTION_ID_ $ACTION_REF_9 $ACTION_1:0 _1_ 0 -1 a.b a[b] a[] é".split(" "),
  "",
  " ",
  "\u0000",
];

/** Texts that break parsers, formatters and encoders, and that random text doesn't hit. None looks like a stack trace or a query. */
const HOSTILE_TEXTS: readonly string[] = [
  ...ODD_NAMES,
  ..."%00 %s%n%x {{7*7}} <script>alert(1)</script> '\"`;-- //evil.example/x javascript:alert(1)".split(" "),
  ..."$1 $K1 $F0 $undefined $Q0 $@1 $B null undefined 99999999999999999999 TXN-222222222222".split(" "),
  ..."../../../../etc/passwd ..\\..\\windows file:///etc/passwd http://127.0.0.1:5432/".split(" "),
  ..."2027-02-30 0000-00-00 +275760-01-01 9999-12-31T23:59:59-23:59".split(" "),
  "00000000-0000-4000-8000-000000000000",
  "[object Object]",
  "' or ''='",
  "a\u0000b",
  "\ud800",
  "x\udfff y",
  "\u202egnp.exe",
  "\u200b\u200b",
  "\ufeffbom",
  "ﬁﬀ①Ⅳａｗａ",
  "e\u0301".repeat(40),
  "🧾".repeat(30),
  "\r\nSet-Cookie: a=b",
];

const LONG_MAX = 20_000;
const repeated = (letters: fc.Arbitrary<string>, min: number, max: number) =>
  fc.tuple(letters, fc.integer({ min, max })).map(([letter, count]) => letter.repeat(count));

export const oddText = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 300, size: "max" }) },
  { weight: 1, arbitrary: repeated(fc.constantFrom("a", "é", "\u0000", "9", "%", "["), 300, LONG_MAX) },
);

/** A value of any JSON type. */
export const oddType = fc.jsonValue({ maxDepth: 2 });

/** Amounts as people mistype them, in other writings of digits, and around the limits of amounts and of 64 bits. */
export const oddAmount = fc.oneof(
  fc.constantFrom(
    ..." 12 |0x10|1e2|10.5|1,000|+5|00012|٣٠٠|５００|१००|12\u200b|\u202e21|NaN|Infinity".split("|"),
  ),
  fc.integer({ min: Number(AMOUNT_MINOR_MAX) - 1, max: Number(AMOUNT_MINOR_MAX) + 1 }),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  repeated(fc.constant("9"), 16, 400),
  fc.constantFrom(0, -0, 1, -1),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.record({ toString: fc.constant("x") }, { noNullPrototype: true }),
  oddType,
);

const NESTED = 10_000;

/** Ten thousand arrays or objects inside each other, as JSON text. */
export function nestedJson(random: Random): string {
  const [open, close] = random.chance(0.5) ? (["[", "]"] as const) : (['{"a":', "}"] as const);
  return `${open.repeat(NESTED)}1${random.chance(0.7) ? close.repeat(NESTED) : ""}`;
}
