import type { Random } from "../random";

/**
 * Unusual values for amounts. None selects a scenario of the sandbox, and none looks like a stack trace or a query, which
 * responses are searched for.
 */
export const ODD_AMOUNTS: readonly unknown[] = [
  "",
  " 12 ",
  "0x10",
  "1e2",
  "10.5",
  "1,000",
  "-1",
  "+5",
  "00012",
  "٣٠٠",
  "５００",
  "१००",
  "12\u200b",
  "\u202e21",
  "NaN",
  "Infinity",
  "999999999999999",
  "1000000000000000",
  "1000000000000001",
  "9007199254740993",
  "9223372036854775808",
  "1".repeat(40),
  "9".repeat(400),
  0,
  -0,
  -1,
  1,
  10.5,
  1e2,
  1e21,
  1e300,
  1_000_000_000_000_000,
  1_000_000_000_000_001,
  999_999_999_999_999,
  true,
  false,
  null,
  [],
  [5],
  [5, 6],
  {},
  { amount: 5 },
  { toString: "x" },
];

/** Texts that break careless parsers, formatters and encoders. */
const ODD_TEXTS: readonly string[] = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x\udfff y",
  "\u202egnp.exe",
  "\u200b\u200b",
  "\ufeffbom",
  "ﬁﬀ①Ⅳ",
  "ａｗａ",
  "e\u0301".repeat(40),
  "🧾".repeat(30),
  "\r\nSet-Cookie: a=b",
  "%00",
  "%s%n%x",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "'\"`;--",
  "' or ''='",
  "$1",
  "$K1",
  "$F0",
  "$undefined",
  "$Q0",
  "$@1",
  "$B",
  "../../../../etc/passwd",
  "..\\..\\windows",
  "file:///etc/passwd",
  "//evil.example/x",
  "http://127.0.0.1:5432/",
  "javascript:alert(1)",
  "null",
  "undefined",
  "[object Object]",
  "constructor",
  "__proto__",
  "0",
  "-1",
  "99999999999999999999",
  "18446744073709551616",
  "00000000-0000-4000-8000-000000000000",
  "TXN-222222222222",
  "2027-02-30",
  "0000-00-00",
  "+275760-01-01",
  "9999-12-31T23:59:59-23:59",
];

/** Values of each JSON type. */
export const ODD_TYPES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  "",
  "text",
  [],
  [null],
  [[]],
  {},
  { a: 1 },
  { $gt: "" },
];

/** Names with a meaning in JavaScript, in React's encoding of calls or in form parsers. */
export const ODD_NAMES: readonly string[] = [
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "then",
  "toJSON",
  "length",
  "$ACTION_ID_",
  "$ACTION_REF_9",
  "$ACTION_1:0",
  "_1_",
  "0",
  "-1",
  "",
  " ",
  "a.b",
  "a[b]",
  "a[]",
  "é",
  "\u0000",
];

const LONG_MAX = 20_000;

export function oddText(random: Random): string {
  if (random.chance(0.1))
    return random.pick(["a", "é", "\u0000", "9", "%", "["]).repeat(random.int(300, LONG_MAX));
  return random.pick(ODD_TEXTS);
}

const NESTED = 10_000;

/** Ten thousand arrays or objects inside each other, as JSON text. */
export function nestedJson(random: Random): string {
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
  ] as const);
  return `${open.repeat(NESTED)}1${random.chance(0.7) ? close.repeat(NESTED) : ""}`;
}
