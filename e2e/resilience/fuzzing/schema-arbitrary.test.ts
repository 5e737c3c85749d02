import { expect, test } from "vitest";
import { z } from "zod";
import { toJsonSchema } from "@/lib/api/docs/json-schema";
import { API_CALLS } from "@/lib/api/route-table";
import { ACTIONS } from "../access/page-rules";
import { randomFrom } from "../random";
import { arbitraryOf, draw } from "./schema-arbitrary";

const DRAWS = 200;
const draws = (schema: z.ZodType, seed: string) => {
  const [arbitrary, random] = [arbitraryOf(toJsonSchema(schema, "input")), randomFrom(seed)];
  return Array.from({ length: DRAWS }, () => draw(arbitrary, random));
};

const everything = z.strictObject({
  id: z.uuid(),
  name: z.string().min(3).max(5).optional(),
  digits: z.string().regex(/^[1-9][0-9]{0,17}$/),
  amount: z.int().positive().max(1_000),
  at: z.union([z.iso.datetime({ offset: true }), z.iso.date(), z.null()]),
  kinds: z
    .array(z.enum(["a", "b"]))
    .min(1)
    .max(4),
  on: z.literal("on").optional(),
});

test("what is drawn is valid, varied, and the same for the same seed", () => {
  const drawn = draws(everything, "1");
  for (const value of drawn) expect(everything.safeParse(value).error).toBeUndefined();
  expect(new Set(drawn.map((value) => JSON.stringify(value))).size).toBeGreaterThan(DRAWS / 2);
  expect(draws(everything, "1")).toEqual(drawn);
  expect(draws(everything, "2")).not.toEqual(drawn);
});

test("every body and query of the API and every form can be drawn, most of them more than once", () => {
  const schemas = [
    ...API_CALLS.flatMap(({ body, query }) => [body, query]),
    ...Object.values(ACTIONS).map(({ form }) => form),
  ];
  for (const schema of schemas) if (schema) expect(draws(schema, "1")).toHaveLength(DRAWS);
});

test("a schema of which nothing can be drawn is reported, not skipped", () => {
  expect(() => arbitraryOf({ type: "object", properties: { a: {} } })).toThrow("nothing is drawn");
});
