import type fc from "fast-check";
import type { Random } from "../random";
import { ODD_NAMES, oddAmount, oddText, oddType } from "./odd-values";
import { draw } from "./schema-arbitrary";
import type { World } from "./world";

type Values = Record<string, unknown>;

/** What a request contains before it is encoded; no fields for one without a body. A list in path or query is repeated. */
export interface Parts {
  path: Values;
  query: Values;
  fields?: Values;
}

/** Changes one value. */
export type FieldMutator = (parts: Parts, random: Random, world: World) => void;

/** Every object or list in a value, outermost first. */
function holdersOf(value: unknown): Values[] {
  if (typeof value !== "object" || value === null) return [];
  return [value as Values, ...Object.values(value).flatMap(holdersOf)];
}

/** Calls `change` with a random property or element: of the body mostly, or else of path and query. */
function changeOne(parts: Parts, random: Random, change: (holder: Values, key: string) => void): void {
  const { path, query, fields } = parts;
  const roots = fields !== undefined && random.chance(0.8) ? [fields] : [path, query];
  const slots = roots
    .flatMap(holdersOf)
    .flatMap((holder) => Object.keys(holder).map((key) => ({ holder, key })));
  const none = { holder: query, key: random.pick(["cursor", "amount", "next", "q"]) };
  const { holder, key } = slots.length > 0 ? random.pick(slots) : none;
  change(holder, key);
}

const replaced =
  (draw: (random: Random, world: World) => unknown): FieldMutator =>
  (parts, random, world) =>
    changeOne(parts, random, (holder, key) => {
      holder[key] = draw(random, world);
    });

const drawn = (arbitrary: fc.Arbitrary<unknown>) => replaced((random) => draw(arbitrary, random));

/** Adds a property to the body, or else to the query. */
function add({ query, fields = query }: Parts, random: Random, name: string, value: unknown): void {
  const holder = random.pick(holdersOf(fields).filter((each) => !Array.isArray(each)));
  // Not an assignment, which would set the prototype for `__proto__`.
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Mutators of the values that an endpoint interprets. */
export const FIELD_MUTATORS: Readonly<Record<string, FieldMutator>> = {
  amount: drawn(oddAmount),
  type: drawn(oddType),
  unicode: drawn(oddText),
  "other's id": replaced((random, { othersIds }) => random.pick(othersIds)),
  missing: (parts, random) =>
    changeOne(parts, random, (holder, key) => {
      delete holder[key];
    }),
  doubled: (parts, random) =>
    changeOne(parts, random, (holder, key) => {
      holder[key] = [holder[key], random.chance(0.5) ? holder[key] : "1"];
    }),
  column: (parts, random, { columns }) => {
    const name = random.pick(columns);
    const camel = name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    const value = random.pick([1, "1", true, null, "XOF", "2020-01-01", "system"]);
    add(parts, random, random.chance(0.5) ? name : camel, value);
  },
  "odd name": (parts, random) =>
    add(parts, random, random.pick(ODD_NAMES), random.pick([{ a: 1 }, "x", { isAdmin: true }, null])),
};

/** As encodeURIComponent, but lone surrogates are encoded instead of throwing. */
export function encodeLoosely(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.replace(/[\ud800-\udfff](?![\udc00-\udfff])|./gsu, (character) =>
    /^[\ud800-\udfff]$/.test(character) ? "%ED%A0%80" : encodeURIComponent(character),
  );
}
