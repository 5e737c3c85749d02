import type { Build, BuiltAction } from "../read-build";
import { actionRequest } from "../requests/action-request";
import type { HttpRequest } from "../requests/http";
import { CALLS, type CallRule, FILES, HANDLERS, OTHERS } from "./api-rules";
import { ACTIONS, PAGES } from "./page-rules";
import { isId, namesObject, type RequestContext, type Rule, resolveValues, type Values } from "./rule";

/** One entrance to the deployment: a page, an API call, a server action or another path. */
export interface Endpoint {
  name: string;
  kind: "page" | "call" | "action" | "other";
  who: Rule;
  /** Whose objects the request names; null for none. An endpoint that names objects is listed once for each of both. */
  objects: "owner" | "nonexistent" | null;
  /** True if it ends the session that it is used with. */
  endsSession: boolean;
  /** The request without credentials. Ids of objects that it names are appended to `log`. */
  request(context: RequestContext, log?: string[]): Promise<HttpRequest>;
  /** For `self-authenticating`: a body whose credential is valid. */
  validBody?: CallRule["validBody"];
}

/** The endpoints that really exist, which are compared with the tables of rules. */
export interface Discovered {
  build: Build;
  /** The calls of the API, as `GET /api/wallet/balance`. */
  calls: readonly string[];
  /** The rule in the product's own route table, by call. */
  access: ReadonlyMap<string, Rule>;
  /** Sent as the origin of forms. */
  origin: string;
}

/** Every endpoint of the build with its rule. */
export function findEndpoints(discovered: Discovered): Endpoint[] {
  const { build, origin } = discovered;
  const others = [
    ...Object.values(HANDLERS).flatMap((rules) => Object.entries(rules)),
    ...Object.entries(FILES),
    ...build.chunks.slice(0, 2).map((path) => [`GET ${path}`, "anyone"] as const),
    ...Object.entries(OTHERS).map(([name, who]) => [name.replace("{build}", build.id), who] as const),
  ];
  return [
    ...Object.entries(CALLS).flatMap(([name, rule]) => callEndpoints(name, rule)),
    ...[...new Set(pagesOf(build))].flatMap(pageEndpoints),
    ...build.actions.flatMap((action) => actionEndpoints(action, origin)),
    ...others.map(([name, who]) => otherEndpoint(name, who)),
  ];
}

/** Endpoints without a rule, rules without an endpoint, and rules that contradict the product's own table, as sentences. */
export function findMissingRules({ build, calls, access }: Discovered): string[] {
  const handlers = build.handlers.filter((route) => !(route in PAGES));
  const actions = build.actions.map(({ name }) => name);
  const files = build.files.map((path) => `GET ${path}`);
  return [
    ...compare("page", "PAGES in access/page-rules.ts", pagesOf(build), PAGES),
    ...compare("server action", "ACTIONS in access/page-rules.ts", actions, ACTIONS),
    ...compare("call of the API", "CALLS in access/api-rules.ts", calls, CALLS),
    ...compare("route handler", "HANDLERS in access/api-rules.ts", handlers, HANDLERS),
    ...compare("file", "FILES in access/api-rules.ts", files, FILES),
    ...[...access].flatMap(([name, rule]) => disagreement(name, rule)),
  ];
}

/** A route handler below a page's path, such as its events, has the rule of a page. */
function pagesOf({ pages, handlers, prerendered }: Build): string[] {
  return [
    ...pages,
    ...[...handlers, ...prerendered].filter((route) => route in PAGES),
    ...prerendered.filter((route) => !(route in PAGES) && !(route in HANDLERS)),
  ];
}

/** What stands in only one of both lists. */
function compare(what: string, table: string, built: readonly string[], rules: object): string[] {
  const unlisted = [...new Set(built)].filter((name) => !(name in rules));
  const outdated = Object.keys(rules).filter((name) => !built.includes(name));
  return [
    ...unlisted.map((name) => `unlisted ${what}: ${name} is in the build; add a row to ${table}`),
    ...outdated.map((name) => `the build has no ${what} ${name}: delete its row of ${table}`),
  ];
}

/** Whether the product's own table contradicts our rule for a call. */
function disagreement(name: string, rule: Rule): string[] {
  const ours = CALLS[name]?.who;
  const expected = ours === "self-authenticating" ? "anyone" : ours;
  if (expected === undefined || JSON.stringify(expected) === JSON.stringify(rule)) return [];
  return [`${name} is for ${JSON.stringify(expected)}, but the API's own table says ${JSON.stringify(rule)}`];
}

/** The endpoint for the owner's objects and for nonexistent ones, if its values name objects. */
function forObjects(
  endpoint: Omit<Endpoint, "objects" | "endsSession"> & { endsSession?: boolean | undefined },
  ...values: (Values | undefined)[]
): Endpoint[] {
  const whole = { ...endpoint, endsSession: endpoint.endsSession === true };
  if (!namesObject(...values)) return [{ ...whole, objects: null }];
  return (["owner", "nonexistent"] as const).map((objects) => ({
    ...whole,
    objects,
    name: `${endpoint.name}, ${objects === "owner" ? "owner's" : "nonexistent"} object`,
  }));
}

function callEndpoints(name: string, { params = {}, query, body = {}, ...rule }: CallRule): Endpoint[] {
  const [method = "GET", template = "/"] = name.split(" ");
  const request: Endpoint["request"] = async (context, log) => {
    const path = fill(template, await resolveValues(params, context, log), "{}");
    const target = query === undefined ? path : `${path}?${query}`;
    if (method !== "POST") return { method, target, headers: {} };
    const resolved = Object.entries(await resolveValues(body, context, log)).map(
      // The ids of keys are numbers in JSON.
      ([field, value]) => [field, isId(body[field]) && /^\d+$/.test(`${value}`) ? Number(value) : value],
    );
    const json = JSON.stringify(Object.fromEntries(resolved));
    return { method, target, headers: { "content-type": "application/json" }, body: Buffer.from(json) };
  };
  return forObjects({ ...rule, name, kind: "call", request }, params, body);
}

function pageEndpoints(route: string): Endpoint[] {
  const rule = PAGES[route];
  if (rule === undefined) return [];
  return (route.includes("[locale]") ? ["", "/en"] : [""]).flatMap((prefix) => {
    const name = `page ${route.replace("/[locale]", prefix || "/fr")}`;
    const request: Endpoint["request"] = async (context, log) => ({
      method: "GET",
      target: await pathOfPage(route, context, { prefix, log }),
      headers: {},
    });
    return forObjects({ name, kind: "page", who: rule.who, request }, rule.params);
  });
}

/** A page's path and query, with the parameters of its rule filled in. `prefix` is its language's. */
export async function pathOfPage(
  route: string,
  context: RequestContext,
  { prefix = "", log }: { prefix?: string; log?: string[] | undefined } = {},
): Promise<string> {
  const { params = {}, query } = PAGES[route] ?? {};
  const values = await resolveValues(params, context, log);
  const path = fill(route.replace("/[locale]", prefix), values, "[]") || "/";
  return query === undefined ? path : `${path}?${query}`;
}

function actionEndpoints(action: BuiltAction, origin: string): Endpoint[] {
  const rule = ACTIONS[action.name];
  if (rule === undefined) return [];
  return (["script", "form"] as const).flatMap((way) => {
    const name = `action ${action.name} as the ${way} sends it`;
    const request: Endpoint["request"] = async (context, log) => {
      const typed = Object.entries(await resolveValues(rule.fields, context, log));
      const fields = typed.map(([field, value]): [string, string] => [field, String(value)]);
      const target = await pathOfPage(pageOf(action), context);
      return actionRequest(action, { target, typed: fields, way, origin });
    };
    const { who, endsSession } = rule;
    return forObjects({ name, kind: "action", who, endsSession, request }, rule.fields);
  });
}

/** A page that has the action: one without parameters if possible. */
function pageOf({ pages }: BuiltAction): string {
  return pages.find((page) => !/\[(?!locale)/.test(page)) ?? pages[0] ?? "/[locale]";
}

function otherEndpoint(name: string, who: Rule): Endpoint {
  const [method = "GET", target = "/"] = name.split(" ");
  const form = {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from("a=b"),
  };
  const request = { method, target, headers: {}, ...(method === "POST" ? form : {}) };
  return { name, kind: "other", who, objects: null, endsSession: false, request: async () => request };
}

/** Replaces `[name]` or `{name}` by its value. */
function fill(template: string, values: Record<string, unknown>, [open, close]: "[]" | "{}"): string {
  const texts = Object.entries(values);
  return texts.reduce(
    (text, [name, value]) => text.replace(`${open}${name}${close}`, String(value)),
    template,
  );
}
