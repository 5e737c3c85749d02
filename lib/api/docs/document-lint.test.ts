import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { API_CALLS } from "../route-table";
import { openApiDocument } from "./document";

const document = JSON.stringify(openApiDocument(API_CALLS, "https://cauris.example"));

/** Redocly's strict rules, and those of its optional ones that we keep. */
const RULES = {
  "info-contact": "error",
  "operation-tag-defined": "error",
  "operation-singular-tag": "error",
  "spec-strict-refs": "error",
  "spec-example-values": "error",
  "component-name-unique": "error",
  "array-parameter-serialization": "error",
} as const;

async function lint(source: string): Promise<string[]> {
  const config = await createConfig({ extends: ["recommended-strict"], rules: RULES });
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
  return problems.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
}

test("the document follows Redocly's strict rules", async () => {
  expect(await lint(document)).toEqual([]);
});

test.each([
  ["an example that its schema refuses", '"example":{"amount":500000}', '"example":{"amount":"1"}'],
  ["a reference to nothing", '"#/components/schemas/PostKeysCreateAnswer"', '"#/components/schemas/None"'],
  ["no licence", '"license":{"name":"MIT","identifier":"MIT"}', '"x-none":0'],
])("a document with %s is refused", async (_what, whole, broken) => {
  expect(document).toContain(whole);
  expect((await lint(document.replace(whole, broken))).length).toBeGreaterThan(0);
});

test("each pattern is one that JSON Schema tools in any language read", () => {
  const patterns = [...document.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '""']) => JSON.parse(text) as string,
  );
  expect(patterns.length).toBeGreaterThan(5);
  for (const pattern of patterns) {
    expect(() => new RegExp(pattern), pattern).not.toThrow();
    // Unicode properties, look-around and back-references are missing in many of them.
    expect(pattern).not.toMatch(/\\[pPuk1-9]|\(\?/);
  }
});
