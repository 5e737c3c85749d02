import type { Build, BuiltAction } from "../read-build";
import { actionRequest, type Fields } from "../requests/action-request";
import type { HttpRequest } from "../requests/http";
import { CALLS, type CallRule, FILES, HANDLERS, OTHERS } from "./api-rules";
import { ACTIONS, PAGES } from "./page-rules";
import { namesObject, type RequestContext, type Rule, resolveValues, type Values } from "./rule";

/** The parts of a request that differ between two requests to one endpoint. */
export interface RequestValues {
  /** Parameters of the path. */
  path: Record<string, unknown>;
  /** Fields of the form or properties of the JSON body; undefined for a request without a body. */
  fields?: Record<string, unknown>;
  query?: string | undefined;
}

/** One entrance to the deployment: a page, an API call, a server action or another path. */
export interface Endpoint {
  name: string;
  kind: "page" | "call" | "action" | "other";
  /** Its row in the table of its kind. */
  row: string;
  who: Rule;
  /** Whose objects the request names; null for none. An endpoint that names objects is listed once for each of both. */
  objects: "owner" | "nonexistent" | null;
  /** True if it ends the session that it is used with. */
  endsSession: boolean;
  /** The error code of an action for an object that isn't the actor's. */
  missingCode: string;
  /** The code by which a valid request of its owner may be refused; null for none. */
  refusedWith: string | null;
  /** What a valid request contains. */
  valid(context: RequestContext): Promise<RequestValues>;
  /** The request without credentials. */
  write(values: RequestValues): HttpRequest;
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

/** A valid request to an endpoint, without credentials. */
export async function requestTo({ valid, write }: Endpoint, context: RequestContext): Promise<HttpRequest> {
  return write(await valid(context));
}

/** Every endpoint of the build with its rule. */
export function findEndpoints({ build, origin }: Pick<Discovered, "build" | "origin">): Endpoint[] {
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
    ...others.flatMap(([name, who]) => otherEndpoints(name, who)),
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

type Rest = Pick<Endpoint, "name" | "kind" | "row" | "who" | "write" | "validBody"> & {
  endsSession?: boolean;
  missingCode?: string;
  refusedWith?: string | null;
};

/** The endpoint for the owner's objects and for nonexistent ones, if `named` names objects. */
function withObjects(endpoint: Rest, valid: Endpoint["valid"], ...named: (Values | undefined)[]): Endpoint[] {
  const whole = { endsSession: false, missingCode: "not_found", refusedWith: null, ...endpoint, valid };
  if (!namesObject(...named)) return [{ ...whole, objects: null }];
  return (["owner", "nonexistent"] as const).map((objects) => ({
    ...whole,
    objects,
    name: `${endpoint.name}, ${objects === "owner" ? "owner's" : "nonexistent"} object`,
  }));
}

function callEndpoints(name: string, { params, query, body, ...rule }: CallRule): Endpoint[] {
  const [method = "GET", template = "/"] = name.split(" ");
  const write: Endpoint["write"] = ({ path, fields, query: written }) => {
    const request = { method, target: withQuery(fill(template, path), written), headers: {} };
    if (fields === undefined) return request;
    // The ids of keys are numbers in JSON.
    const json = JSON.stringify(fields, (field, value) =>
      /_id$/.test(field) && typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value,
    );
    return { ...request, headers: { "content-type": "application/json" }, body: Buffer.from(json) };
  };
  const valid: Endpoint["valid"] = async (context) => ({
    path: await resolveValues(params, context),
    ...(method === "POST" ? { fields: await resolveValues(body, context) } : {}),
    query,
  });
  return withObjects({ ...rule, name, kind: "call", row: name, write }, valid, params, body);
}

function pageEndpoints(row: string): Endpoint[] {
  const rule = PAGES[row];
  if (rule === undefined) return [];
  return (row.includes("[locale]") ? ["", "/en"] : [""]).flatMap((prefix) => {
    const name = `page ${row.replace("/[locale]", prefix || "/fr")}`;
    const write: Endpoint["write"] = ({ path, query }) => {
      return { method: "GET", target: withQuery(pathOfPage(row, path, prefix), query), headers: {} };
    };
    const valid: Endpoint["valid"] = async (context) => {
      return { path: await resolveValues(rule.params, context), query: rule.query };
    };
    return withObjects({ name, kind: "page", row, who: rule.who, write }, valid, rule.params);
  });
}

function actionEndpoints(action: BuiltAction, origin: string): Endpoint[] {
  const row = action.name;
  const rule = ACTIONS[row];
  if (rule === undefined) return [];
  // A page that has it: one without parameters if possible.
  const page = action.pages.find((route) => !/\[(?!locale)/.test(route)) ?? action.pages[0] ?? "/[locale]";
  const { params, query } = PAGES[page] ?? {};
  return (["script", "form"] as const).flatMap((way) => {
    const name = `action ${row} as the ${way} sends it`;
    const write: Endpoint["write"] = ({ path, fields = {}, query: written }) => {
      const target = withQuery(pathOfPage(page, path), written);
      const typed = Object.entries(fields).flatMap(
        ([field, value]): Fields =>
          [value]
            .flat()
            .map((each) => [field, typeof each === "object" ? JSON.stringify(each) : String(each)]),
      );
      return actionRequest(action, { target, typed, way, origin });
    };
    const valid: Endpoint["valid"] = async (context) => {
      const fields = await resolveValues(rule.fields, context);
      return { path: await resolveValues(params, context), fields, query };
    };
    const { who, endsSession = false, missingCode = "not_found", refusedWith = null } = rule;
    return withObjects(
      { name, kind: "action", row, who, endsSession, missingCode, refusedWith, write },
      valid,
      rule.fields,
    );
  });
}

function otherEndpoints(name: string, who: Rule): Endpoint[] {
  const [method = "GET", target = "/"] = name.split(" ");
  const form = {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from("a=b"),
  };
  const write = () => ({ method, target, headers: {}, ...(method === "POST" ? form : {}) });
  const valid = async () => ({ path: {} });
  return withObjects({ name, kind: "other", row: name, who, write }, valid);
}

const withQuery = (path: string, query: string | undefined) => (query ? `${path}?${query}` : path);

const pathOfPage = (route: string, values: Record<string, unknown>, prefix = "") =>
  fill(route.replace("/[locale]", prefix), values) || "/";

/** Replaces `[name]` or `{name}` by its value. */
function fill(template: string, values: Record<string, unknown>): string {
  return template.replace(/\[([\w.]+)\]|\{(\w+)\}/g, (_all, page?: string, call?: string) =>
    String(values[page ?? call ?? ""]),
  );
}
