import fc from "fast-check";
import type { JsonSchema } from "@/lib/api/docs/json-schema";
import type { Random } from "../random";

type Schemas = Readonly<Record<string, JsonSchema>>;

const ITEMS_MAX = 20;

/** Draws what a JSON Schema accepts. `named` are the schemas that `$ref` points to, by the last part of it. */
export function arbitraryOf(schema: JsonSchema, named: Schemas = {}): fc.Arbitrary<unknown> {
  const { $ref, enum: choices, anyOf, type } = schema;
  const of = (inner: unknown) => arbitraryOf(inner as JsonSchema, named);
  if (typeof $ref === "string") return of(named[$ref.split("/").at(-1) ?? ""]);
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(of));
  if (Array.isArray(type)) return fc.oneof(...type.map((each) => of({ ...schema, type: each })));
  switch (type) {
    case "object": {
      const { properties = {}, required = [] } = schema;
      const fields = Object.entries(properties as Schemas).map(([name, each]) => [name, of(each)] as const);
      return fc.record(Object.fromEntries(fields), {
        requiredKeys: required as string[],
        noNullPrototype: true,
      });
    }
    case "array":
      return fc.array(of(schema.items), {
        minLength: Number(schema.minItems ?? 0),
        maxLength: Number(schema.maxItems ?? ITEMS_MAX),
      });
    case "string":
      return textOf(schema);
    case "integer":
      return fc.integer({
        min: Number(schema.minimum ?? Number(schema.exclusiveMinimum ?? Number.MIN_SAFE_INTEGER - 1) + 1),
        max: Number(schema.maximum ?? Number.MAX_SAFE_INTEGER),
      });
    case "null":
      return fc.constant(null);
    default:
      throw new Error(`nothing is drawn for ${JSON.stringify(schema)}`);
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 1_000 }: JsonSchema): fc.Arbitrary<string> {
  const [least, most] = [Number(minLength), Number(maxLength)];
  if (format === "uuid") return fc.uuid();
  if (format === "date-time" || format === "date") {
    const instants = fc.date({
      noInvalidDate: true,
      min: new Date(0),
      max: new Date("9998-12-31T00:00:00Z"),
    });
    return instants.map((at) => at.toISOString().slice(0, format === "date" ? 10 : undefined));
  }
  const texts =
    typeof pattern === "string"
      ? fc.stringMatching(new RegExp(pattern, "u"), { maxLength: most })
      : fc.string({ unit: "grapheme", minLength: least, maxLength: most });
  // Lengths in UTF-16, as zod counts them.
  return texts.filter(({ length }) => length >= least && length <= most);
}

/** Draws one value; the choice follows from `random` alone, so that a replayed case draws the same. */
export function draw<T>(arbitrary: fc.Arbitrary<T>, random: Random): T {
  const [value] = fc.sample(arbitrary, { seed: random.int(-0x80000000, 0x7fffffff), numRuns: 1 });
  return value as T;
}
