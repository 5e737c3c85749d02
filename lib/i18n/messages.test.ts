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

/** A value for each argument of a message. */
function valuesOf(message: string): Record<string, string | number> {
  const entries = argumentsOf(message).map((each) => each.split(":"));
  return Object.fromEntries(entries.map(([name, kind]) => [name, kind === "plural" ? 2 : "x"]));
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
    const errors: unknown[] = [];
    const translate = createTranslator({
      locale,
      messages: messages as Tree,
      onError: (error) => errors.push(error),
    });
    const write = translate as unknown as (key: string, values: object) => string;
    for (const [key, text] of textsByKey(messages)) write(key, valuesOf(text));
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
      expect(text).not.toMatch(/ [:;?!»%]|« /);
      expect(text).not.toMatch(/[^\s\u00a0][:;?!](\s|$)/);
    }
  });
});

describe("the words of money that came back", () => {
  const reasons = [...fr.keys()].filter((key) => key.startsWith("refundReasons."));

  test.each(reasons)("%s says that it was returned, never that nothing was taken", (key) => {
    expect(fr.get(key)).toMatch(/\u00a0: la somme vous a été rendue\./);
    expect(en.get(key)).toMatch(/: the money was returned to you\./);
    expect(fr.get(key)).not.toContain("débité");
  });
});

test.each([
  ["un rechargement", /\brechargement/i],
  ["pareils", /\bpareils?\b/i],
  ["codes faux", /\bcodes faux\b/i],
  ["ne se reprend pas", /ne se reprend pas/i],
  ["date trop", /\bdate trop\b/i],
  ["d’avance", /d’avance/i],
  ["personne ne devine", /personne ne devine/i],
  ["Fermé jusqu’au, for a vault", /ferm[ée]r? jusqu|fermé plus/i],
  ["a session, code or link that is not “bon” or “juste”", /n’est pas (bon|juste|le bon)\b/i],
])("French doesn't say %s", (_, wrong) => {
  for (const text of fr.values()) expect(text).not.toMatch(wrong);
});
