import type fc from "fast-check";
import type { Random } from "../random";
import type { Fields } from "../requests/action-request";
import type { Target } from "../requests/variants";
import type { Draft } from "./draft";
import { nestedJson, ODD_NAMES, oddAmount, oddText, oddType } from "./odd-values";
import { draw } from "./schema-arbitrary";
import type { World } from "./world";

/** What mutators need to know of the deployment. */
export type MutationContext = Pick<World, "columns" | "othersIds" | "build"> & { target: Target };

/** Changes one thing in a draft. */
export type Mutator = (draft: Draft, random: Random, context: MutationContext) => void;
export type Mutators = Readonly<Record<string, Mutator>>;

type Slot = [holder: Record<string, unknown>, key: string];

/** Every property and element in a JSON value, outermost first. */
function slotsOf(value: unknown): Slot[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [value as Slot[0], key] as Slot,
    ...slotsOf(inner),
  ]);
}

/** The fields of a form without React's own, which {@link react} changes. */
const typedFields = (fields: Fields) => fields.filter(([name]) => !name.startsWith("$ACTION"));

/** As encodeURIComponent, but lone surrogates are encoded instead of throwing. */
export function encodeLoosely(text: string): string {
  return text.replace(/[\ud800-\udfff](?![\udc00-\udfff])|./gsu, (character) =>
    /^[\ud800-\udfff]$/.test(character) ? "%ED%A0%80" : encodeURIComponent(character),
  );
}

const asText = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const asJson = (text: string): Draft["content"] => ({
  kind: "bytes",
  bytes: Buffer.from(text),
  type: "application/json",
});

/** Replaces a random value of the body, or else of the query or path. */
function put(draft: Draft, random: Random, value: unknown): void {
  const { content } = draft;
  if (content.kind === "form") {
    const fields = typedFields(content.fields);
    if (fields.length > 0) random.pick(fields)[1] = asText(value);
  } else if (content.kind === "json") {
    const slots = slotsOf(content.value);
    if (slots.length === 0) content.value = value;
    else {
      const [holder, key] = random.pick(slots);
      holder[key] = value;
    }
  } else putInAddress(draft, random, encodeLoosely(asText(value)));
}

/** Replaces a value of the query if there is one, else the last segment of the path or a query of its own. */
function putInAddress(draft: Draft, random: Random, text: string): void {
  const [path = "/", query = ""] = draft.target.split("?", 2);
  const pairs = query === "" ? [] : query.split("&");
  if (pairs.length > 0) {
    const at = random.int(0, pairs.length - 1);
    pairs[at] = `${pairs[at]?.split("=")[0]}=${text}`;
    draft.target = `${path}?${pairs.join("&")}`;
  } else if (path.lastIndexOf("/") > 0 && random.chance(0.5)) {
    draft.target = path.replace(/[^/]*$/, () => text);
  } else draft.target = `${path}?${random.pick(["cursor", "amount", "next", "q"])}=${text}`;
}

function addQuery(draft: Draft, query: string): void {
  draft.target += `${draft.target.includes("?") ? "&" : "?"}${query}`;
}

/** Adds a field to the body, or else to the query. */
function add(draft: Draft, name: string, value: unknown): void {
  const { content } = draft;
  if (content.kind === "form") content.fields.push([name, asText(value)]);
  else if (content.kind === "json" && typeof content.value === "object" && content.value !== null)
    // Not an assignment, which would set the prototype for `__proto__`.
    Object.defineProperty(content.value, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else addQuery(draft, `${encodeLoosely(name)}=${encodeLoosely(asText(value))}`);
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
    const [name, value] = random.pick(content.fields);
    const at = random.int(0, content.fields.length);
    content.fields.splice(at, 0, [name, random.chance(0.5) ? value : "1"]);
  } else if (content.kind === "json") {
    const text = JSON.stringify(content.value);
    const name = /"(\w+)":/.exec(text)?.[1] ?? "amount";
    draft.content = asJson(text.replace(/^\{/, `{"${name}":${random.pick(["1", "null", '"x"', "[]"])},`));
  } else addQuery(draft, "limit=1&limit=2&cursor=1&cursor=x");
};

const column: Mutator = (draft, random, { columns }) => {
  const name = random.pick(columns);
  const camel = name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  const value = random.pick([1, "1", true, null, "XOF", "2020-01-01", "system"]);
  add(draft, random.chance(0.5) ? name : camel, value);
};

const oddName: Mutator = (draft, random) =>
  add(draft, random.pick(ODD_NAMES), random.pick([{ a: 1 }, "x", { isAdmin: true }, null]));

const nesting: Mutator = (draft, random) => {
  const text = nestedJson(random);
  const { content, method } = draft;
  if (content.kind === "form") put(draft, random, text);
  else if (method !== "GET") draft.content = asJson(random.chance(0.5) ? text : `{"amount":${text}}`);
};

const REACT_VALUES: readonly string[] = [
  "",
  ...'{} [] [null] ["$K1"] ["$undefined","$undefined"] [null,"$K9"] ["$F1"] ["$h1"] ["$T"] ["$@1"]'.split(
    " ",
  ),
  ...'["$1:constructor:constructor"] [null,"$1:__proto__:then"] {"then":"$1:then"} ["$Q1"] ["$W1"]'.split(
    " ",
  ),
  ...'["$i1"] ["$n99999999999999999999999999"] ["$D2020-99-99"] ["$B1"] ["$o1"] ["$r1"] [ null $'.split(" "),
  ...'{"id":"7f","bound":"$@1"} {"id":"toString","bound":null}'.split(" "),
];

/** Changes or adds fields by which React finds the action and its arguments. */
const react: Mutator = (draft, random, { build }) => {
  if (draft.content.kind !== "form") return;
  const { fields } = draft.content;
  const { id } = random.pick(build.actions);
  const value = random.pick([...REACT_VALUES, JSON.stringify({ id, bound: "$@1" })]);
  const own = fields.filter(([name]) => name.startsWith("$ACTION") || name === "0");
  if (own.length > 0 && random.chance(0.7)) random.pick(own)[1] = value;
  else {
    const names = "$ACTION_REF_1 $ACTION_REF_2 $ACTION_1:0 $ACTION_KEY 0 1".split(" ");
    const named = `$ACTION_ID_${random.chance(0.5) ? id : random.hex(21)}`;
    fields.push([random.pick([named, ...names]), value]);
  }
};

/** Mutators of the values that an endpoint interprets. */
export const FIELD_MUTATORS = {
  amount: drawn(oddAmount),
  type: drawn(oddType),
  unicode: drawn(oddText),
  "other's id": othersId,
  missing,
  doubled,
  column,
  "odd name": oddName,
  nesting,
  react,
} as const satisfies Mutators;
