import type fc from "fast-check";
import type { Random } from "../random";
import type { Draft, Fields } from "./draft";
import { nestedJson, ODD_NAMES, oddAmount, oddText, oddType } from "./odd-values";
import { draw } from "./schema-arbitrary";

/** What mutators need to know of the deployment. */
export interface MutationContext {
  host: string;
  /** Names of all columns: no request may set one just by naming it. */
  columns: readonly string[];
  /** Ids and references of objects of people who send nothing. */
  othersIds: readonly string[];
  /** Ids of the build's server actions. */
  actionIds: readonly string[];
}

/** Changes one thing in a draft. */
export type Mutator = (draft: Draft, random: Random, mutationContext: MutationContext) => void;

type Slot = { [key: string]: unknown };

/** Every property and element in a JSON value, outermost first. */
export function slotsOf(value: unknown): [holder: Slot, key: string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [value as Slot, key] as [Slot, string],
    ...slotsOf(inner),
  ]);
}

/** The fields of a form without React's own, which {@link mutateReactFields} changes. */
function typedFields(fields: Fields): Fields[number][] {
  return fields.filter(([name]) => !name.startsWith("$ACTION"));
}

/** Replaces a random value of the body, or else of the query or path. */
function put(draft: Draft, random: Random, value: unknown): void {
  const { content } = draft;
  if (content.kind === "json") {
    const slots = slotsOf(content.value);
    if (slots.length === 0) content.value = value;
    else {
      const [holder, key] = random.pick(slots);
      holder[key] = value;
    }
  } else if (content.kind === "form") {
    const fields = typedFields(content.fields);
    if (fields.length > 0) random.pick(fields)[1] = asText(value);
  } else putInAddress(draft, random, asText(value));
}

function putInAddress(draft: Draft, random: Random, text: string): void {
  const [path = "/", query] = draft.target.split("?", 2);
  if (query === undefined || query === "") {
    const segments = path.split("/");
    const last = segments.length - 1;
    if (last > 1 && random.chance(0.5)) segments[last] = encodeLoosely(text);
    draft.target = segments.join("/");
    if (last <= 1)
      draft.target += `?${random.pick(["cursor", "amount", "next", "q"])}=${encodeLoosely(text)}`;
    return;
  }
  const pairs = query.split("&");
  const at = random.int(0, pairs.length - 1);
  pairs[at] = `${pairs[at]?.split("=")[0]}=${encodeLoosely(text)}`;
  draft.target = `${path}?${pairs.join("&")}`;
}

/** As encodeURIComponent, but lone surrogates are encoded instead of throwing. */
export function encodeLoosely(text: string): string {
  return text.replace(/[\ud800-\udfff](?![\udc00-\udfff])|./gsu, (character) =>
    /^[\ud800-\udfff]$/.test(character) ? "%ED%A0%80" : encodeURIComponent(character),
  );
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function add(draft: Draft, name: string, value: unknown): void {
  const { content } = draft;
  if (content.kind === "form") content.fields.push([name, asText(value)]);
  else if (content.kind === "json" && typeof content.value === "object" && content.value !== null) {
    Object.defineProperty(content.value, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    const glue = draft.target.includes("?") ? "&" : "?";
    draft.target += `${glue}${encodeLoosely(name)}=${encodeLoosely(asText(value))}`;
  }
}

const drawn =
  (arbitrary: fc.Arbitrary<unknown>): Mutator =>
  (draft, random) =>
    put(draft, random, draw(arbitrary, random));

const othersId: Mutator = (draft, random, { othersIds }) => put(draft, random, random.pick(othersIds));

const missing: Mutator = (draft, random) => {
  const { content } = draft;
  if (content.kind === "json") {
    const slots = slotsOf(content.value);
    if (slots.length === 0) return;
    const [holder, key] = random.pick(slots);
    delete holder[key];
  } else if (content.kind === "form") {
    content.fields = content.fields.filter(() => !random.chance(1 / content.fields.length));
  } else draft.target = draft.target.split("?", 1)[0] ?? "/";
};

const doubled: Mutator = (draft, random) => {
  const { content } = draft;
  if (content.kind === "form") {
    if (content.fields.length === 0) return;
    const field = random.pick(content.fields);
    content.fields.splice(random.int(0, content.fields.length), 0, [
      field[0],
      random.chance(0.5) ? field[1] : "1",
    ]);
  } else if (content.kind === "json") {
    const text = JSON.stringify(content.value);
    const name = /"(\w+)":/.exec(text)?.[1] ?? "amount";
    const twice = text.replace(/^\{/, `{"${name}":${random.pick(["1", "null", '"x"', "[]"])},`);
    draft.content = { kind: "bytes", bytes: Buffer.from(twice), type: "application/json" };
  } else draft.target += `${draft.target.includes("?") ? "&" : "?"}limit=1&limit=2&cursor=1&cursor=x`;
};

const column: Mutator = (draft, random, { columns }) => {
  const name = random.pick(columns);
  const camel = name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  add(
    draft,
    random.chance(0.5) ? name : camel,
    random.pick([1, "1", true, null, "XOF", "2020-01-01", "system"]),
  );
};

const oddName: Mutator = (draft, random) =>
  add(draft, random.pick(ODD_NAMES), random.pick([{ a: 1 }, "x", { isAdmin: true }, null]));

const nesting: Mutator = (draft, random) => {
  const text = nestedJson(random);
  if (draft.content.kind === "form") {
    const { fields } = draft.content;
    if (fields.length > 0) random.pick(fields)[1] = text;
    return;
  }
  if (draft.method === "GET") return;
  const wrapped = random.chance(0.5) ? text : `{"amount":${text}}`;
  draft.content = { kind: "bytes", bytes: Buffer.from(wrapped), type: "application/json" };
};

const REACT_VALUES = [
  "{}",
  "[]",
  "[null]",
  '["$K1"]',
  '["$undefined","$undefined"]',
  '[null,"$K9"]',
  '["$F1"]',
  '["$h1"]',
  '["$T"]',
  '["$@1"]',
  '["$1:constructor:constructor"]',
  '[null,"$1:__proto__:then"]',
  '{"then":"$1:then"}',
  '["$Q1"]',
  '["$W1"]',
  '["$i1"]',
  '["$n99999999999999999999999999"]',
  '["$D2020-99-99"]',
  '["$B1"]',
  '["$o1"]',
  '["$r1"]',
  '{"id":"7f","bound":"$@1"}',
  '{"id":"toString","bound":null}',
  "[",
  "",
  "null",
  "$",
];

/** Changes or adds fields by which React finds the action and its arguments. */
const mutateReactFields: Mutator = (draft, random, { actionIds }) => {
  const { content } = draft;
  if (content.kind !== "form") return;
  const value = () =>
    random.pick([...REACT_VALUES, JSON.stringify({ id: random.pick(actionIds), bound: "$@1" })]);
  const own = content.fields.filter(([name]) => name.startsWith("$ACTION") || name === "0");
  if (own.length > 0 && random.chance(0.7)) random.pick(own)[1] = value();
  else {
    const id = random.chance(0.5) ? random.pick(actionIds) : random.hex(21);
    const name = random.pick([
      `$ACTION_ID_${id}`,
      "$ACTION_REF_1",
      "$ACTION_REF_2",
      "$ACTION_1:0",
      "$ACTION_KEY",
      "0",
      "1",
    ]);
    content.fields.push([name, value()]);
  }
};

/** Mutators of the values that an endpoint interprets. */
export const FIELD_MUTATORS: Readonly<Record<string, Mutator>> = {
  amount: drawn(oddAmount),
  type: drawn(oddType),
  unicode: drawn(oddText),
  "other's id": othersId,
  missing,
  doubled,
  column,
  "odd name": oddName,
  nesting,
  react: mutateReactFields,
};
