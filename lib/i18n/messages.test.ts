import { createTranslator } from "next-intl";
import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "@/lib/errors";
import { CURRENCY_CODES } from "@/lib/money/currency";
import type { AmountReason } from "@/lib/money/parse-amount";
import { OPERATION_TYPES } from "@/lib/services/operations/kinds";
import english from "./messages/en.json";
import french from "./messages/fr.json";

type Tree = { [key: string]: string | Tree };

function textsByKey(tree: Tree, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [path, text] of textsByKey(value, `${prefix}${key}.`)) found.set(path, text);
  }
  return found;
}

/** Names of the ICU arguments, with their kind: `count:plural`. */
function argumentsOf(message: string): string[] {
  const found = [...message.matchAll(/\{(\w+)(?:\}|,\s*(\w+))/g)];
  return [...new Set(found.map((match) => `${match[1]}:${match[2] ?? ""}`))].sort();
}

const fr = textsByKey(french);
const en = textsByKey(english);
const bundles = [
  ["fr", fr],
  ["en", en],
] as const;

describe("French and English say the same things", () => {
  test("they have the same keys", () => {
    expect([...en.keys()]).toEqual([...fr.keys()]);
  });

  test("each message takes the same arguments in both", () => {
    for (const [key, text] of fr)
      expect([key, argumentsOf(en.get(key) ?? "")]).toEqual([key, argumentsOf(text)]);
  });

  test.each([
    ["fr", french],
    ["en", english],
  ] as const)("every message in %s is well-formed", (locale, messages) => {
    const values = {
      count: 2,
      reference: "R",
      email: "e",
      password: "p",
      amount: "a",
      method: "m",
      phone: "p",
    };
    const more = {
      balance: "b",
      min: "1",
      max: "9",
      step: "5",
      words: "w",
      example: "x",
      time: "t",
      name: "n",
      digest: "d",
      vault: "v",
      until: "u",
      triesLeft: 2,
    };
    const errors: unknown[] = [];
    const translate = createTranslator({
      locale,
      messages: messages as Tree,
      onError: (error) => errors.push(error),
    });
    const write = translate as unknown as (key: string, values: object) => string;
    for (const key of textsByKey(messages).keys()) write(key, { ...values, ...more });
    expect(errors).toEqual([]);
  });
});

describe("errors have messages", () => {
  test.each(ERROR_CODES)("%s has a sentence and a next step in both languages", (code) => {
    for (const [, bundle] of bundles) expect(bundle.get(`errors.${code}`)).toMatch(/^\p{Lu}.+[.;,] ?.+\.$/u);
  });

  test("no sentence is left for a code that no longer exists", () => {
    const codes = [...fr.keys()]
      .filter((key) => key.startsWith("errors."))
      .map((key) => key.slice("errors.".length));
    expect(new Set<string>(codes)).toEqual(new Set<string>(ERROR_CODES));
  });

  test("every reason to refuse an amount has a sentence", () => {
    const reasons: Record<AmountReason, true> = {
      empty: true,
      not_a_number: true,
      no_decimals: true,
      ambiguous: true,
      not_positive: true,
      too_large: true,
    };
    for (const reason of Object.keys(reasons)) expect(fr.has(`fields.${reason}`)).toBe(true);
  });
});

test.each(CURRENCY_CODES)("%s has its names in both languages", (currency) => {
  for (const [, bundle] of bundles) {
    expect(bundle.has(`form.currencies.${currency}`)).toBe(true);
    expect(bundle.has(`overview.availableIn.${currency}`)).toBe(true);
  }
});

describe("kinds of operations", () => {
  test.each(OPERATION_TYPES)("%s has a name in both languages", (type) => {
    for (const [, bundle] of bundles) expect(bundle.get(`kinds.${type}`)).toMatch(/^\p{Lu}/u);
  });
});

describe("typography", () => {
  test("apostrophes are typographic: a straight one would quote a placeholder in ICU", () => {
    for (const [, bundle] of bundles) for (const text of bundle.values()) expect(text).not.toMatch(/'/);
  });

  test("French never breaks a line before its high punctuation, nor loses the space", () => {
    for (const text of fr.values()) {
      expect(text).not.toMatch(/ [:;?!»]|« /);
      expect(text).not.toMatch(/[^\s\u00a0][:;?!](\s|$)/);
    }
  });
});
