import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { API_CALLS } from "../route-table";
import { openApiDocument } from "./document";
import type { Content } from "./document-shape";
import { FIELD_REASON_SENTENCES } from "./error-answers";

const document = openApiDocument(API_CALLS, "https://cauris.example");

const BASE = "https://cauris.example/schemas/";

/** A schema of the document with its references made absolute. */
function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${BASE}`));
}

const compile = (schema: unknown) => validator.compile(absolute(schema) as object);

/** The document as a JSON Schema tool reads it: strict about keywords, patterns without Node's own features. */
const validator = new Ajv({ strict: true, allErrors: true, strictTypes: false, strictRequired: false });
addFormats(validator);
validator.addKeyword("example");
for (const [name, schema] of Object.entries(document.components.schemas)) {
  validator.addSchema(absolute(schema) as object, BASE + name);
}

const contents: [string, Content[string]][] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    const bodies = [
      ["request", operation.requestBody?.content] as const,
      ...Object.entries(operation.responses).map(([status, response]) => [status, response.content] as const),
    ];
    return bodies.flatMap(([where, content]) => {
      const json = content?.["application/json"];
      return json ? [[`${method} ${path} ${where}`, json] as [string, Content[string]]] : [];
    });
  }),
);

describe("every example of the document is what its schema says", () => {
  test.each(contents)("%s", (_where, { schema, example, examples = {} }) => {
    const validate = compile(schema);
    const values = [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples).map(({ value }) => value),
    ];
    for (const value of values) {
      expect(validate(value), `${JSON.stringify(value)}: ${validator.errorsText(validate.errors)}`).toBe(
        true,
      );
    }
  });

  test("and each request and each JSON answer has one, but for the vendors' events and the document itself", () => {
    const without = contents.filter(
      ([, { example, examples }]) => example === undefined && examples === undefined,
    );
    const unexpected = without
      .map(([where]) => where)
      .filter((where) => !/webhook|openapi\.json/.test(where));
    expect(unexpected).toEqual([]);
  });
});

test("every parameter's example and default are what its schema says, and no pattern needs Unicode properties", () => {
  const parameters = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ parameters = [] }) => parameters),
  );
  expect(parameters.length).toBeGreaterThan(5);
  for (const { name, schema } of parameters) {
    const validate = compile(schema);
    const values = [
      ...((schema.examples as unknown[] | undefined) ?? []),
      ...("default" in schema ? [schema.default] : []),
    ];
    for (const value of values) expect(validate(value), `${name}: ${String(value)}`).toBe(true);
  }
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, pattern]) => pattern,
  );
  expect(patterns.length).toBeGreaterThan(3);
  for (const pattern of patterns) expect(pattern).not.toMatch(/\\p\{/);
});

test("request bodies refuse what they don't name, and reasons are documented", () => {
  const requests = Object.entries(document.components.schemas).filter(([name]) => name.endsWith("Request"));
  expect(requests.length).toBeGreaterThan(5);
  const open = requests.filter(([, schema]) => schema.additionalProperties !== false).map(([name]) => name);
  // Logging out never fails because of its body.
  expect(open).toEqual(["PostAuthLogoutRequest"]);
  expect(JSON.stringify(document)).not.toContain('"invalid"');
  for (const reason of Object.keys(FIELD_REASON_SENTENCES))
    expect(JSON.stringify(document)).toContain(`\`${reason}\``);
});
