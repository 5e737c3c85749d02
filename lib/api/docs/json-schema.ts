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

/**
 * An example of a whole value, made of the examples of its parts. Throws for a text or a number without one: nobody can invent
 * what it looks like.
 */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, enum: choices, type, anyOf } = schema;
  if (Array.isArray(examples)) return examples[0];
  if ("default" in schema) return schema.default;
  if ("const" in schema) return schema.const;
  if (Array.isArray(choices)) return choices[0];
  if (Array.isArray(type) || Array.isArray(anyOf)) return null;
  if (type === "array") return [exampleOf(schema.items as JsonSchema)];
  if (type === "boolean") return false;
  invariant(type === "object", `an answer's ${String(type)} has an example: ${JSON.stringify(schema)}`);
  const properties = Object.entries(schema.properties as Record<string, JsonSchema>);
  return Object.fromEntries(properties.map(([name, each]) => [name, exampleOf(each)]));
}

function simplify(schema: JsonSchema, side: Side): void {
  // An answer may gain a property one day: a client that refuses what it doesn't know would break.
  if (side === "output") delete schema.additionalProperties;
  // `format` says it; the pattern behind it is a screen of digits.
  if (schema.format !== undefined) delete schema.pattern;
  // zod refuses an input outside these; of an answer they say nothing.
  if (side === "output" && schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if ("example" in schema) {
    // OpenAPI 3.1 (Schema Object) deprecates `example`.
    schema.examples = [schema.example];
    delete schema.example;
  }
}
