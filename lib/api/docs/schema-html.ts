import { descriptionHtml, escapeHtml } from "./html";
import type { JsonSchema } from "./json-schema";

type Schemas = Readonly<Record<string, JsonSchema>>;

/** The schema that a `$ref` names, or the schema itself. */
export function resolveSchema(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const name = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  return name === undefined ? schema : (schemas[name] ?? schema);
}

/** The fields of an object, those of its parts below them; a schema without fields is its type. */
export function schemaHtml(whole: JsonSchema, schemas: Schemas): string {
  const schema = resolveSchema(whole, schemas);
  const { properties, required } = partWithFields(schema);
  if (properties === undefined) return `<p>${escapeHtml(typeOf(schema))}${constraintsOf(schema)}</p>`;
  const rows = Object.entries(properties).map(([name, field]) => {
    const resolved = resolveSchema(field, schemas);
    const nested = partWithFields(resolved).properties === undefined ? "" : schemaHtml(resolved, schemas);
    return `<div><dt>${nameHtml(name, required.includes(name))}</dt><dd>${valueHtml(resolved)}${nested}</dd></div>`;
  });
  return `<dl class="fields">${rows.join("\n")}</dl>`;
}

/** A name, and whether it must be there. */
export function nameHtml(name: string, isRequired: boolean): string {
  return `<code>${escapeHtml(name)}</code>${isRequired ? " <small>required</small>" : ""}`;
}

/** What a field may hold: type, limits, and what it means. */
export function valueHtml(schema: JsonSchema): string {
  const description = typeof schema.description === "string" ? descriptionHtml(schema.description) : "";
  return `<span class="type">${escapeHtml(typeOf(schema))}${constraintsOf(schema)}</span>${description}`;
}

interface Fields {
  properties: Record<string, JsonSchema> | undefined;
  required: readonly string[];
}

/** The object itself, or the one in an array or in a choice with null. */
function partWithFields(schema: JsonSchema): Fields {
  const { properties, required, items, anyOf } = schema;
  if (typeof properties === "object" && properties !== null) {
    return {
      properties: properties as Record<string, JsonSchema>,
      required: Array.isArray(required) ? required : [],
    };
  }
  const parts = [items, ...(Array.isArray(anyOf) ? anyOf : [])].filter(isSchema);
  const found = parts.map(partWithFields).find((part) => part.properties !== undefined);
  return found ?? { properties: undefined, required: [] };
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;

function typeOf(schema: JsonSchema): string {
  const { type, anyOf, items, enum: choices } = schema;
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  if (Array.isArray(anyOf)) return anyOf.filter(isSchema).map(typeOf).join(" | ");
  if (type === "array") return `${isSchema(items) ? typeOf(items) : "any"}[]`;
  if (Array.isArray(type)) return type.join(" | ");
  return typeof type === "string" ? type : "any";
}

const CONSTRAINTS = [
  ["format", ""],
  ["pattern", "matches "],
  ["minLength", "at least this long: "],
  ["maxLength", "at most this long: "],
  ["minimum", "≥ "],
  ["maximum", "≤ "],
  ["minItems", "at least this many: "],
  ["maxItems", "at most this many: "],
  ["default", "default "],
] as const;

function constraintsOf(schema: JsonSchema): string {
  const limits = CONSTRAINTS.flatMap(([keyword, words]) =>
    schema[keyword] === undefined ? [] : [words + plainValue(schema[keyword])],
  );
  return limits.map((limit) => `, ${escapeHtml(limit)}`).join("");
}

const plainValue = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
