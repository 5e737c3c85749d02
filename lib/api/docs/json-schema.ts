import { z } from "zod";
import { invariant } from "@/lib/invariant";

/** JSON Schema, draft 2020-12: the dialect of OpenAPI 3.1. */
export type JsonSchema = { [keyword: string]: unknown };

/** `input` is what a client writes, `output` what it reads. */
type Side = "input" | "output";

/** A zod schema in the document's words. What a transform makes of an input doesn't show; nothing else is lost. */
export function toJsonSchema(schema: z.ZodType, side: Side): JsonSchema {
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, {
    io: side,
    unrepresentable: "any",
    override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema, side),
  });
  return plain as JsonSchema;
}

/** The properties of an object schema by name, and which of them must be there. */
export function propertiesOf(
  schema: z.ZodType,
  side: Side,
): { name: string; schema: JsonSchema; required: boolean }[] {
  const { properties = {}, required = [] } = toJsonSchema(schema, side);
  invariant(Array.isArray(required), "JSON Schema lists what is required");
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, each]) => ({
    name,
    schema: each,
    required: required.includes(name),
  }));
}

function simplify(schema: JsonSchema, side: Side): void {
  // An answer may gain a property one day: a client that refuses what it doesn't know would break.
  if (side === "output") delete schema.additionalProperties;
  // `format` says it; the pattern behind it is a screen of digits.
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if ("example" in schema) {
    // OpenAPI 3.1 (Schema Object) deprecates `example`.
    schema.examples = [schema.example];
    delete schema.example;
  }
}
