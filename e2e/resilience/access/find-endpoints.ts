import type { ApiRoute } from "@/lib/api/route-table";
import { type Asked, multipart } from "./ask";
import type { Build, BuiltAction } from "./build";
import { ACTIONS, type ActionRule, type Filling, PAGES, type Rule } from "./rules";
import { CALLS, type CallRule, FILES, HANDLERS, OTHERS, type OtherRule } from "./rules-api";

/** One way in, filled in with somebody's things. */
export interface Door {
  name: string;
  kind: "page" | "call" | "action" | "other";
  who: Rule;
  /** Whose things it names: a door that names somebody's is tried with nobody's too; null for one that names none. */
  names: "owner" | "nobody" | null;
  /** True when it ends the session that it is used with. */
  ends: boolean;
  /** What a caller adds its credentials to. */
  make(filling: Filling): Promise<Asked>;
  /** What opens a door that wants a proof. */
  proof?: CallRule["proof"];
}

/** What the tables have to be held against. */
export interface Listed {
  build: Build;
  routes: readonly Pick<ApiRoute, "method" | "path">[];
  /** `GET /api/…` and what the product's own table says of it, in the words of ours. */
  access: ReadonlyMap<string, Rule>;
  /** Where forms are sent from. */
  origin: string;
}

export interface Found {
  doors: Door[];
  /** Doors without a rule, rules without a door, and rules that the product sees otherwise. */
  problems: string[];
}

/** Every door of the build with its rule, and what doesn't fit. */
export function findDoors(listed: Listed): Found {
  const { build, routes, access, origin } = listed;
  // A handler below a page's address, such as its events, is used and refused as the page is.
  const pages = [
    ...build.pages,
    ...[...build.handlers, ...build.prerendered].filter((route) => route in PAGES),
    ...build.prerendered.filter((route) => !(route in PAGES) && !(route in HANDLERS)),
  ];
  const calls = routes.map(({ method, path }) => `${method} ${path}`);
  const problems = [
    ...compare("page", pages, Object.keys(PAGES)),
    ...compare(
      "route handler",
      [...build.handlers.filter((route) => !(route in PAGES))],
      Object.keys(HANDLERS),
    ),
    ...compare(
      "server action",
      build.actions.map(({ name }) => name),
      Object.keys(ACTIONS),
    ),
    ...compare("call of the API", calls, Object.keys(CALLS)),
    ...compare("file", build.files, Object.keys(FILES)),
    ...[...access].flatMap(([name, rule]) => disagreement(name, rule)),
  ];
  const others = [
    ...Object.values(HANDLERS).flat(),
    ...Object.entries(FILES).map(([path, who]): OtherRule => ({ method: "GET", path, who })),
    ...build.chunks.slice(0, 2).map((path): OtherRule => ({ method: "GET", path, who: "anyone" })),
    ...OTHERS.map((rule) => ({ ...rule, path: rule.path.replace("{build}", build.id) })),
  ];
  const doors = [
    ...Object.entries(CALLS).flatMap(([name, rule]) => callDoors(name, rule)),
    ...[...new Set(pages)].flatMap((route) => pageDoors(route)),
    ...build.actions.flatMap((action) => actionDoors(action, origin)),
    ...others.map(otherDoor),
  ];
  return { doors, problems };
}

function compare(what: string, built: readonly string[], ruled: readonly string[]): string[] {
  return [
    ...[...new Set(built)]
      .filter((name) => !ruled.includes(name))
      .map((name) => `unlisted ${what}: ${name} is in the build, and nobody decided who may use it`),
    ...ruled
      .filter((name) => !built.includes(name))
      .map((name) => `listed ${what} that the build doesn't have: ${name}`),
  ];
}

function disagreement(name: string, rule: Rule): string[] {
  const ours = CALLS[name]?.who;
  const seen = ours === "proof" ? "anyone" : ours;
  if (seen === undefined || JSON.stringify(seen) === JSON.stringify(rule)) return [];
  return [`${name} is for ${JSON.stringify(seen)}, and the API's own table says ${JSON.stringify(rule)}`];
}

function callDoors(name: string, rule: CallRule): Door[] {
  const [method = "GET", template = "/"] = name.split(" ");
  const make = async (filling: Filling): Promise<Asked> => {
    const target = `${fill(template, (await rule.params?.(filling.of)) ?? {}, "{}")}${rule.query ? `?${rule.query}` : ""}`;
    if (method !== "POST") return { method, target, headers: {} };
    const body = Buffer.from(JSON.stringify((await rule.body?.(filling)) ?? {}));
    return { method, target, headers: { "content-type": "application/json" }, body };
  };
  const door = { kind: "call", who: rule.who, ends: rule.ends === true, make } as const;
  const extra = rule.proof === undefined ? {} : { proof: rule.proof };
  return whoseOf(rule.names).map((names) => ({ ...door, ...extra, names, name: named(name, names) }));
}

function pageDoors(route: string): Door[] {
  const rule = PAGES[route];
  if (rule === undefined) return [];
  const prefixes = route.includes("[locale]") ? ["", "/en"] : [""];
  return prefixes.flatMap((prefix) =>
    whoseOf(rule.params && true).map(
      (names): Door => ({
        name: named(`page ${fill(route, { locale: prefix.slice(1) || "fr" }, "[]")}`, names),
        kind: "page",
        who: rule.who,
        names,
        ends: false,
        make: async ({ of }) => {
          const params = { "...rest": "nothing/here", ...(await rule.params?.(of)) };
          return {
            method: "GET",
            target: fill(route.replace("/[locale]", prefix), params, "[]") || "/",
            headers: {},
          };
        },
      }),
    ),
  );
}

function actionDoors(action: BuiltAction, origin: string): Door[] {
  const rule = ACTIONS[action.name];
  if (rule === undefined) return [];
  const ways = [
    ["as the script sends it", scripted],
    ["as the form sends it", formed],
  ] as const;
  return ways.flatMap(([way, request]) =>
    whoseOf(rule.names).map(
      (names): Door => ({
        name: named(`action ${action.name} ${way}`, names),
        kind: "action",
        who: rule.who,
        names,
        ends: rule.ends === true,
        make: async (filling) => {
          const fields = Object.entries(await rule.fields(filling));
          const { headers, ...asked } = request(action, rule, fields);
          return {
            method: "POST",
            target: await pageOf(action, filling),
            ...asked,
            headers: { origin, ...headers },
          };
        },
      }),
    ),
  );
}

type Fields = readonly (readonly [string, string])[];
type Sent = Pick<Asked, "headers" | "body">;

/** React's own encoding of a call with a state and a form (react-server-dom, processReply): the root comes last. */
function scripted({ id }: BuiltAction, { plain }: ActionRule, fields: Fields): Sent {
  const form = fields.map(([name, value]) => [`_1_${name}`, value] as const);
  const { type, body } = multipart([...form, ["0", plain ? '["$K1"]' : '[null,"$K1"]']]);
  return { headers: { "next-action": id, accept: "text/x-component", "content-type": type }, body };
}

/** What a browser without JavaScript posts: React's hidden fields name the action. */
function formed({ id }: BuiltAction, { plain }: ActionRule, fields: Fields): Sent {
  const hidden: Fields = plain
    ? [[`$ACTION_ID_${id}`, ""]]
    : [
        ["$ACTION_REF_1", ""],
        ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })],
        ["$ACTION_1:1", "[null]"],
        ["$ACTION_KEY", "k0"],
      ];
  const { type, body } = multipart([...hidden, ...fields]);
  return { headers: { accept: "text/html", "content-type": type }, body };
}

/** The address of a page that carries the action: one without parameters when there is one. */
async function pageOf({ pages }: BuiltAction, { of }: Filling): Promise<string> {
  const route = pages.find((page) => !/\[(?!locale)/.test(page)) ?? pages[0] ?? "/[locale]";
  return fill(route.replace("/[locale]", ""), (await PAGES[route]?.params?.(of)) ?? {}, "[]") || "/";
}

function otherDoor({ method, path: target, who }: OtherRule): Door {
  const headers: Asked["headers"] =
    method === "GET" ? {} : { "content-type": "application/x-www-form-urlencoded" };
  const asked = { method, target, headers, ...(method === "POST" ? { body: Buffer.from("a=b") } : {}) };
  return {
    name: `${method} ${target}`,
    kind: "other",
    who,
    names: null,
    ends: false,
    make: async () => asked,
  };
}

const whoseOf = (names: boolean | undefined): Door["names"][] => (names ? ["owner", "nobody"] : [null]);

const named = (name: string, names: Door["names"]) => (names === null ? name : `${name}, ${names}'s`);

/** Puts values where `[name]` or `{name}` stands. */
function fill(template: string, values: Record<string, string>, brackets: "[]" | "{}"): string {
  const [open, close] = brackets;
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`${open}${name}${close}`, value),
    template,
  );
}
