import type { ApiRoute } from "@/lib/api/define-call";
import { multipart } from "../multipart";
import type { Build, BuiltAction } from "../read-build";
import { CALLS, type CallRule, FILES, HANDLERS, OTHERS, type OtherRule } from "./api-rules";
import { ACTIONS, type ActionRule, PAGES, type RequestContext, type Rule } from "./page-rules";
import type { RawRequest } from "./raw-request";

/** One entrance to the deployment: a page, an API call, a server action or another path. */
export interface Endpoint {
  name: string;
  kind: "page" | "call" | "action" | "other";
  who: Rule;
  /** Whose objects the request names; null for none. An endpoint that names objects is listed once for each of both. */
  objects: "owner" | "nonexistent" | null;
  /** True if it ends the session that it is used with. */
  endsSession: boolean;
  /** The request without credentials. */
  request(context: RequestContext): Promise<RawRequest>;
  /** For `self-authenticating`: a body whose credential is valid. */
  validBody?: CallRule["validBody"];
}

/** The endpoints that really exist, which are compared with the tables of rules. */
export interface Discovered {
  build: Build;
  routes: readonly Pick<ApiRoute, "method" | "path">[];
  /** The rule in the product's own route table, by method and path. */
  access: ReadonlyMap<string, Rule>;
  /** Sent as the origin of forms. */
  origin: string;
}

export interface EndpointList {
  endpoints: Endpoint[];
  /** Endpoints without a rule, rules without an endpoint, and rules that contradict the product's own table. */
  problems: string[];
}

/** Every endpoint of the build with its rule. */
export function findEndpoints(discovered: Discovered): EndpointList {
  const { build, routes, access, origin } = discovered;
  // A route handler below a page's path, such as its events, has the rule of a page.
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
  const endpoints = [
    ...Object.entries(CALLS).flatMap(([name, rule]) => callEndpoints(name, rule)),
    ...[...new Set(pages)].flatMap((route) => pageEndpoints(route)),
    ...build.actions.flatMap((action) => actionEndpoints(action, origin)),
    ...others.map(otherEndpoint),
  ];
  return { endpoints, problems };
}

/** What stands in only one of both lists. */
function compare(what: string, built: readonly string[], ruled: readonly string[]): string[] {
  return [
    ...[...new Set(built)]
      .filter((name) => !ruled.includes(name))
      .map((name) => `unlisted ${what}: ${name} is in the build and has no rule`),
    ...ruled
      .filter((name) => !built.includes(name))
      .map((name) => `rule for a ${what} that the build doesn't have: ${name}`),
  ];
}

/** Whether the product's own table contradicts our rule for a call. */
function disagreement(name: string, rule: Rule): string[] {
  const ours = CALLS[name]?.who;
  const expected = ours === "self-authenticating" ? "anyone" : ours;
  if (expected === undefined || JSON.stringify(expected) === JSON.stringify(rule)) return [];
  return [`${name} is for ${JSON.stringify(expected)}, but the API's own table says ${JSON.stringify(rule)}`];
}

function callEndpoints(name: string, rule: CallRule): Endpoint[] {
  const [method = "GET", template = "/"] = name.split(" ");
  const request = async (context: RequestContext): Promise<RawRequest> => {
    const target = `${fill(template, (await rule.params?.(context.ids)) ?? {}, "{}")}${rule.query ? `?${rule.query}` : ""}`;
    if (method !== "POST") return { method, target, headers: {} };
    const body = Buffer.from(JSON.stringify((await rule.body?.(context)) ?? {}));
    return { method, target, headers: { "content-type": "application/json" }, body };
  };
  const endpoint = { kind: "call", who: rule.who, endsSession: rule.endsSession === true, request } as const;
  const extra = rule.validBody === undefined ? {} : { validBody: rule.validBody };
  return objectsOf(rule.namesObject).map((objects) => ({
    ...endpoint,
    ...extra,
    objects,
    name: named(name, objects),
  }));
}

function pageEndpoints(route: string): Endpoint[] {
  const rule = PAGES[route];
  if (rule === undefined) return [];
  const prefixes = route.includes("[locale]") ? ["", "/en"] : [""];
  return prefixes.flatMap((prefix) =>
    objectsOf(rule.params && true).map(
      (objects): Endpoint => ({
        name: named(`page ${fill(route, { locale: prefix.slice(1) || "fr" }, "[]")}`, objects),
        kind: "page",
        who: rule.who,
        objects,
        endsSession: false,
        request: async ({ ids }) => {
          const params = { "...rest": "nothing/here", ...(await rule.params?.(ids)) };
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

function actionEndpoints(action: BuiltAction, origin: string): Endpoint[] {
  const rule = ACTIONS[action.name];
  if (rule === undefined) return [];
  const ways = [
    ["as the script sends it", sentByScript],
    ["as the form sends it", sentByForm],
  ] as const;
  return ways.flatMap(([way, encode]) =>
    objectsOf(rule.namesObject).map(
      (objects): Endpoint => ({
        name: named(`action ${action.name} ${way}`, objects),
        kind: "action",
        who: rule.who,
        objects,
        endsSession: rule.endsSession === true,
        request: async (context) => {
          const fields = Object.entries(await rule.fields(context));
          const { headers, ...sent } = encode(action, rule, fields);
          return {
            method: "POST",
            target: await pageOf(action, context),
            ...sent,
            headers: { origin, ...headers },
          };
        },
      }),
    ),
  );
}

type Fields = readonly (readonly [string, string])[];
type Sent = Pick<RawRequest, "headers" | "body">;

/** As React encodes a call with a state and a form (react-server-dom, processReply): the root comes last. */
function sentByScript({ id }: BuiltAction, { stateless }: ActionRule, fields: Fields): Sent {
  const form = fields.map(([name, value]) => [`_1_${name}`, value] as const);
  const { type, bytes } = multipart([...form, ["0", stateless ? '["$K1"]' : '[null,"$K1"]']]);
  return { headers: { "next-action": id, accept: "text/x-component", "content-type": type }, body: bytes };
}

/** As a browser without JavaScript posts it: React's hidden fields name the action. */
function sentByForm({ id }: BuiltAction, { stateless }: ActionRule, fields: Fields): Sent {
  const hidden: Fields = stateless
    ? [[`$ACTION_ID_${id}`, ""]]
    : [
        ["$ACTION_REF_1", ""],
        ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })],
        ["$ACTION_1:1", "[null]"],
        ["$ACTION_KEY", "k0"],
      ];
  const { type, bytes } = multipart([...hidden, ...fields]);
  return { headers: { accept: "text/html", "content-type": type }, body: bytes };
}

/** The path of a page that has the action: one without parameters if possible. */
async function pageOf({ pages }: BuiltAction, { ids }: RequestContext): Promise<string> {
  const route = pages.find((page) => !/\[(?!locale)/.test(page)) ?? pages[0] ?? "/[locale]";
  return fill(route.replace("/[locale]", ""), (await PAGES[route]?.params?.(ids)) ?? {}, "[]") || "/";
}

function otherEndpoint({ method, path: target, who }: OtherRule): Endpoint {
  const headers: RawRequest["headers"] =
    method === "GET" ? {} : { "content-type": "application/x-www-form-urlencoded" };
  const request = { method, target, headers, ...(method === "POST" ? { body: Buffer.from("a=b") } : {}) };
  return {
    name: `${method} ${target}`,
    kind: "other",
    who,
    objects: null,
    endsSession: false,
    request: async () => request,
  };
}

const objectsOf = (namesObject: boolean | undefined): Endpoint["objects"][] =>
  namesObject ? ["owner", "nonexistent"] : [null];

const named = (name: string, objects: Endpoint["objects"]) => {
  if (objects === null) return name;
  return `${name}, ${objects === "owner" ? "owner's object" : "nonexistent object"}`;
};

/** Replaces `[name]` or `{name}` by its value. */
function fill(template: string, values: Record<string, string>, brackets: "[]" | "{}"): string {
  const [open, close] = brackets;
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`${open}${name}${close}`, value),
    template,
  );
}
