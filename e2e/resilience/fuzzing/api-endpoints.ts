import { createHmac } from "node:crypto";
import { API_KEY } from "@/lib/api/docs/call-operation";
import { openApiDocument } from "@/lib/api/docs/document";
import type { Operation } from "@/lib/api/docs/document-shape";
import type { JsonSchema } from "@/lib/api/docs/json-schema";
import { API_CALLS } from "@/lib/api/route-table";
import type { Random } from "../random";
import type { Draft, EndpointKind } from "./draft";
import { encodeLoosely } from "./mutate-fields";
import { putOwnValues } from "./own-values";
import { arbitraryOf, draw } from "./schema-arbitrary";
import type { World } from "./world";

/** An endpoint, and how a valid request to it is made. */
export interface Endpoint {
  name: string;
  kind: EndpointKind;
  draft(random: Random): Promise<Draft>;
}

/** A draft without mutations. */
export function plainDraft(
  parts: Pick<Draft, "endpoint" | "kind" | "method" | "target"> & Partial<Draft>,
): Draft {
  return { headers: [], content: { kind: "none" }, framing: "length", mutations: [], ...parts };
}

type Place = "path" | "query" | "header";
type ApiRequest = Record<Place, Record<string, unknown>> & { body?: { refresh?: string } };

/** All parts of a request to an operation, as one schema. */
function requestSchema({ parameters = [], requestBody }: Operation): JsonSchema {
  const place = (where: Place) => {
    const own = parameters.filter((parameter) => parameter.in === where);
    const properties = Object.fromEntries(own.map(({ name, schema }) => [name, schema]));
    return {
      type: "object",
      properties,
      required: own.filter((each) => each.required).map(({ name }) => name),
    };
  };
  const body = requestBody?.content["application/json"]?.schema;
  const properties = {
    path: place("path"),
    query: place("query"),
    header: place("header"),
    ...(body && { body }),
  };
  const required = ["path", "query", "header", ...(requestBody?.required ? ["body"] : [])];
  return { type: "object", properties, required };
}

/** Every operation of the OpenAPI document but the webhooks, which are signed. */
export function apiEndpoints(world: World): Endpoint[] {
  const { paths, components } = openApiDocument(API_CALLS, world.deployment.url);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return operations
    .filter(({ path }) => !WEBHOOKS.some((webhook) => webhook.path === path))
    .map(({ path, method, operation }) => {
      const requests = arbitraryOf(requestSchema(operation), components.schemas);
      const security = operation.security.flatMap((scheme) => Object.keys(scheme));
      const statuses = Object.keys(operation.responses);
      const endpoint = { path, method, statuses, takesKeys: security.includes(API_KEY) };
      const drawRequest = (random: Random) => draw(requests, random) as ApiRequest;
      return {
        name: `${method} ${path}`,
        kind: "api",
        draft: (random) => apiDraft(world, random, endpoint, drawRequest(random)),
      };
    });
}

interface ApiEndpoint {
  path: string;
  method: string;
  statuses: string[];
  takesKeys: boolean;
}

async function apiDraft(
  world: World,
  random: Random,
  { path, method, statuses, takesKeys }: ApiEndpoint,
  request: ApiRequest,
): Promise<Draft> {
  const attacker = world.attacker(random);
  const endpoint = `${method} ${path}`;
  await putOwnValues(request, { attacker, world, random, endpoint });
  const endsSession = method === "POST" && path.startsWith("/api/auth/");
  const tokens = endsSession ? await world.disposableTokens() : attacker.tokens;
  if (request.body?.refresh !== undefined) request.body.refresh = tokens.refresh;
  const credential: [string, string] =
    takesKeys && random.chance(0.5)
      ? ["X-API-Key", attacker.apiKey]
      : ["Authorization", `Bearer ${tokens.access}`];
  const named = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeLoosely(String(request.path[name])));
  const filled = named + (random.chance(0.2) ? "/" : "");
  const query = pairsOf(request.query).map(([name, value]) => `${name}=${encodeLoosely(value)}`);
  return plainDraft({
    ...{ endpoint, kind: "api", method },
    content: request.body === undefined ? { kind: "none" } : { kind: "json", value: request.body },
    documented: { path: filled, statuses },
    target: filled + (query.length > 0 ? `?${query.join("&")}` : ""),
    headers: [credential, ...pairsOf(request.header)],
  });
}

function pairsOf(values: Record<string, unknown>): [string, string][] {
  return Object.entries(values).map(([name, value]) => [name, String(value)]);
}

/** Never an amount that selects a scenario of the sandbox. */
const amountOf = (random: Random) => random.int(3, 99) * 10;

interface Webhook {
  path: string;
  header: string;
  digest: "sha256" | "sha512";
  secret(world: World): string;
  body(reference: string, random: Random): object;
}

const WEBHOOKS: readonly Webhook[] = [
  {
    path: "/webhook/getmipay",
    header: "X-Signature",
    digest: "sha256",
    secret: ({ deployment }) => deployment.secrets.GETMIPAY_WEBHOOK_SECRET,
    body: getmipayEvent,
  },
  {
    path: "/api/wallet/paystack/webhook",
    header: "X-Paystack-Signature",
    digest: "sha512",
    secret: ({ deployment }) => deployment.secrets.PAYSTACK_SECRET_KEY,
    body: paystackEvent,
  },
];

/** Both providers' webhooks. Bodies are signed after they are mutated, so that they pass the signature check. */
export function webhookEndpoints(world: World): Endpoint[] {
  return WEBHOOKS.map(({ path, header, digest, secret, body }) => ({
    name: `POST ${path}`,
    kind: "webhook",
    async draft(random) {
      const value = body(world.attacker(random).reference, random);
      const key = secret(world);
      const sign: NonNullable<Draft["sign"]> = (bytes) => [
        header,
        createHmac(digest, key).update(bytes).digest("hex"),
      ];
      const target = path + (random.chance(0.5) ? "/" : "");
      const draft = plainDraft({
        endpoint: `POST ${path}`,
        kind: "webhook",
        method: "POST",
        target,
        content: { kind: "json", value },
      });
      return random.chance(0.8)
        ? { ...draft, sign }
        : { ...draft, headers: [[header, random.hex(digest === "sha256" ? 32 : 64)]] };
    },
  }));
}

function getmipayEvent(reference: string, random: Random): object {
  const isOut = random.chance(0.4);
  const id = `gmp_${random.hex(6)}`;
  const event = isOut
    ? random.pick(["payout.completed", "payout.failed", "payout.reversed"])
    : random.pick(["payment.completed", "payment.failed", "payment.dispute"]);
  const data = {
    [isOut ? "payout_id" : "transaction_id"]: id,
    reference: random.chance(0.5) ? reference : "TXN-222222222222",
    status: event.split(".")[1],
    amount: amountOf(random),
    currency: "XOF",
    method: "wave",
    live: false,
  };
  return { event, transaction_id: id, data };
}

function paystackEvent(reference: string, random: Random): object {
  const isOut = random.chance(0.4);
  const event = isOut
    ? random.pick(["transfer.success", "transfer.failed", "transfer.reversed"])
    : random.pick(["charge.success", "charge.dispute.create"]);
  const data = {
    id: random.int(1, 1_000_000_000),
    domain: "test",
    status: event.split(".")[1],
    reference: isOut ? `${reference.toLowerCase()}-payout` : random.pick([reference, "TXN-222222222222"]),
    amount: amountOf(random) * 100,
    currency: "NGN",
    channel: "card",
    fees: 10,
    paid_at: "2026-11-20T09:31:16.000Z",
    metadata: random.pick([0, "", { user_id: "1" }, null]),
    customer: { email: "awa@example.test" },
    recipient: { details: { account_number: "0123456789", bank_code: "057" } },
  };
  return { event, data };
}
