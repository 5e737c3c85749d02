import type fc from "fast-check";
import { API_KEY } from "@/lib/api/docs/call-operation";
import { openApiDocument } from "@/lib/api/docs/document";
import type { Operation } from "@/lib/api/docs/document-shape";
import { type JsonSchema, toJsonSchema } from "@/lib/api/docs/json-schema";
import { API_CALLS } from "@/lib/api/route-table";
import type { Endpoint, RequestValues } from "../access/endpoints";
import { ACTIONS } from "../access/page-rules";
import type { Random } from "../random";
import { type Draft, pathOf } from "./draft";
import { encodeLoosely, type Parts } from "./field-mutators";
import { arbitraryOf, draw } from "./schema-arbitrary";
import { drawWebhook, isWebhook, signerOf } from "./webhooks";
import type { Attacker, World } from "./world";

/** An endpoint of the table of access rules, with what its requests are drawn from. */
export interface FuzzEndpoint {
  name: string;
  kind: Draft["kind"];
  /** Answered in front of Next (about a thousand a second), by Next (a hundred), or with a password's or PIN's hash (ten). */
  speed: "quick" | "slow" | "slowest";
  /** A request that is valid mostly, unless `change` changes its values. */
  draft(random: Random, change?: (parts: Parts) => void): Promise<Draft>;
}

const HASHING = /#(signIn|signUp|savePin|confirmTransfer|confirmWithdrawal)$/;
const SESSION_ENDING = /#(signOut|signOutElsewhere|revokeSession)$/;
const FILE = /\.(ico|png|svg|js|css|webmanifest)$/;
/** How often a value of the rules is sent instead of the drawn one: a request with an id that isn't known is refused. */
const VALID_SHARE = 0.85;
const QUERIES = [
  ...["", "", "currency=NGN", "amount=500&phone=70123456", "cursor=9&type=transfer&text=a"],
  ...["done=put&saved=profile", "next=/wallet&error=x", "status=failed&currency=XOF"],
];

/** Every endpoint of the deployment. */
export function allEndpoints(world: World): FuzzEndpoint[] {
  const { paths, components } = openApiDocument(API_CALLS, world.deployment.url);
  const operations = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
  return world.endpoints.map((endpoint) => {
    const operation = operations.get(endpoint.row);
    const drawn = arbitraryOf(partsSchema(endpoint, operation), components.schemas) as fc.Arbitrary<Drawn>;
    return fuzzEndpoint(world, endpoint, { operation, drawn });
  });
}

function fuzzEndpoint(
  world: World,
  endpoint: Endpoint,
  { operation, drawn }: { operation: Operation | undefined; drawn: fc.Arbitrary<Drawn> },
): FuzzEndpoint {
  const { name, row } = endpoint;
  const kind = kindOf(endpoint);
  const statuses = operation && Object.keys(operation.responses);
  const endsSession = endpoint.endsSession || SESSION_ENDING.test(row);
  const takesKeys = operation?.security.some((scheme) => API_KEY in scheme) === true;
  const draft: FuzzEndpoint["draft"] = async (random, change) => {
    const attacker = endsSession ? world.signOutUser : world.attacker(random);
    const { header, ...values } = draw(drawn, random);
    if (isWebhook(row)) values.fields = drawWebhook(world, row, random);
    const valid = await endpoint.valid(world.contextOf(attacker, endpoint, random));
    const parts = mergeParts(kind, valid, values, random);
    if (parts.fields) Object.assign(parts.fields, await endpoint.validBody?.(attacker.person));
    if ("Idempotency-Key" in header) header["Idempotency-Key"] = random.hex(16);
    const path = pathOf(write(endpoint, parts));
    change?.(parts);
    const request = write(endpoint, parts);
    const named = Object.entries(header).map(([key, value]) => [key.toLowerCase(), String(value)]);
    const credentials = await credentialsOf(kind, attacker, { random, endsSession, takesKeys });
    Object.assign(request.headers, Object.fromEntries(named), credentials);
    const sign = isWebhook(row) ? { sign: signerOf(world, row, random) } : {};
    return { endpoint: name, kind, request, path, statuses, ...sign, framing: "length", mutations: [] };
  };
  const speed = HASHING.test(row) ? "slowest" : endpoint.kind === "call" ? "quick" : "slow";
  return { name, kind, speed, draft };
}

function kindOf({ kind, row }: Endpoint): Draft["kind"] {
  if (kind === "call") return isWebhook(row) ? "webhook" : "call";
  return kind === "other" && FILE.test(row) ? "file" : kind;
}

type Drawn = Pick<Parts, "query" | "fields"> & { header: Record<string, unknown> };

/** The parts of a request that are drawn, as one schema: from the OpenAPI document, or the form's own. */
function partsSchema({ row }: Endpoint, operation: Operation | undefined): JsonSchema {
  const { parameters = [], requestBody } = operation ?? {};
  const place = (where: "query" | "header") => {
    const own = parameters.filter((parameter) => parameter.in === where);
    const required = own.filter((each) => each.required).map(({ name }) => name);
    const properties = Object.fromEntries(own.map(({ name, schema }) => [name, schema]));
    return { type: "object", properties, required };
  };
  const form = ACTIONS[row]?.form;
  const fields = form ? toJsonSchema(form, "input") : requestBody?.content["application/json"]?.schema;
  const properties = { query: place("query"), header: place("header"), ...(fields && { fields }) };
  return { type: "object", properties, required: Object.keys(properties) };
}

/** Drawn values, and most of those that the rules have in their place. */
function mergeParts(
  kind: Draft["kind"],
  valid: RequestValues,
  { query, fields }: Omit<Drawn, "header">,
  random: Random,
) {
  const kept = Object.entries(valid.fields ?? {}).filter(() => random.chance(VALID_SHARE));
  const written = valid.query ?? (kind === "page" || kind === "action" ? random.pick(QUERIES) : "");
  const parts: Parts = {
    path: valid.path,
    query: { ...Object.fromEntries(new URLSearchParams(written)), ...query },
  };
  if (fields) parts.fields = kind === "webhook" ? fields : { ...fields, ...Object.fromEntries(kept) };
  // A locked vault would refuse all that follows.
  if (parts.fields && "lockedUntil" in parts.fields) parts.fields.lockedUntil = "";
  return parts;
}

function write(endpoint: Endpoint, { path, query, fields }: Parts) {
  const encoded = Object.entries(path).map(([name, value]) => [name, encodeLoosely(value)]);
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeLoosely(name)}=${encodeLoosely(value)}`),
  );
  const parts = { path: Object.fromEntries(encoded), query: pairs.join("&") };
  return endpoint.write(fields ? { ...parts, fields } : parts);
}

async function credentialsOf(
  kind: Draft["kind"],
  { person, token, apiKey, cookie }: Attacker,
  { random, endsSession, takesKeys }: { random: Random; endsSession: boolean; takesKeys: boolean },
): Promise<Draft["request"]["headers"]> {
  if (kind === "call" || kind === "webhook") {
    if (takesKeys && random.chance(0.5)) return { "x-api-key": apiKey };
    return { authorization: `Bearer ${endsSession ? await person.accessToken() : token}` };
  }
  const languages = { "accept-language": random.pick(["fr", "en-GB,en;q=0.8", "ha"]) };
  const rsc = kind === "page" && random.chance(0.25) ? { rsc: "1" } : {};
  const isSignedIn = kind === "action" || random.chance(kind === "page" ? 0.85 : 0.5);
  return {
    ...languages,
    ...rsc,
    ...(isSignedIn && { cookie: endsSession ? await person.cookie() : cookie }),
  };
}
