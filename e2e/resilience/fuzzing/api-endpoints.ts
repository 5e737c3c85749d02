import { createHmac } from "node:crypto";
import type fc from "fast-check";
import { API_KEY } from "@/lib/api/docs/call-operation";
import { openApiDocument } from "@/lib/api/docs/document";
import type { Operation } from "@/lib/api/docs/document-shape";
import type { JsonSchema } from "@/lib/api/docs/json-schema";
import { API_CALLS } from "@/lib/api/route-table";
import { CALLS } from "../access/api-rules";
import { resolveValues } from "../access/rule";
import type { Random } from "../random";
import { type Draft, plainDraft } from "./draft";
import { type Endpoint, putValues } from "./endpoint";
import { encodeLoosely } from "./mutate-fields";
import { arbitraryOf, draw } from "./schema-arbitrary";
import type { World } from "./world";

type Place = "path" | "query" | "header";
type ApiRequest = Record<Place, Record<string, unknown>> & { body?: Record<string, unknown> };

/** All parts of a request to an operation, as one schema. */
function requestSchema({ parameters = [], requestBody }: Operation): JsonSchema {
  const place = (where: Place) => {
    const own = parameters.filter((parameter) => parameter.in === where);
    const required = own.filter((each) => each.required).map(({ name }) => name);
    const properties = Object.fromEntries(own.map(({ name, schema }) => [name, schema]));
    return { type: "object", properties, required };
  };
  const body = requestBody?.content["application/json"]?.schema;
  const places = { path: place("path"), query: place("query"), header: place("header") };
  const required = [...Object.keys(places), ...(requestBody?.required ? ["body"] : [])];
  return { type: "object", properties: { ...places, ...(body && { body }) }, required };
}

/** Every operation of the OpenAPI document but the webhooks, which are signed. */
export function apiEndpoints(world: World): Endpoint[] {
  const { paths, components } = openApiDocument(API_CALLS, world.deployment.url);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]): Endpoint[] => {
      const name = `${method.toUpperCase()} ${path}`;
      if (WEBHOOKS.some((webhook) => webhook.path === path)) return [];
      const requests = arbitraryOf(requestSchema(operation), components.schemas) as fc.Arbitrary<ApiRequest>;
      const draft: Endpoint["draft"] = (random) =>
        apiDraft(world, random, { path, name, operation, request: draw(requests, random) });
      return [{ name, kind: "api", speed: "quick", draft }];
    }),
  );
}

async function apiDraft(
  world: World,
  random: Random,
  {
    path,
    name,
    operation,
    request,
  }: { path: string; name: string; operation: Operation; request: ApiRequest },
): Promise<Draft> {
  const attacker = world.attacker(random);
  const { person } = attacker;
  const rule = CALLS[name];
  const own = { context: world.context(attacker, random), random };
  // Another path would be another endpoint.
  Object.assign(request.path, await resolveValues(rule?.params ?? {}, own.context));
  if (request.body !== undefined) {
    await putValues(request.body, rule?.body ?? {}, own);
    Object.assign(request.body, await rule?.validBody?.(person));
  }
  if ("Idempotency-Key" in request.header) request.header["Idempotency-Key"] = random.hex(16);
  const takesKeys = operation.security.some((scheme) => API_KEY in scheme);
  const token = rule?.endsSession ? await person.accessToken() : attacker.token;
  const credential: Draft["headers"] =
    takesKeys && random.chance(0.5) ? { "x-api-key": attacker.apiKey } : { authorization: `Bearer ${token}` };
  const named = path.replace(/\{(\w+)\}/g, (_all, param: string) =>
    encodeLoosely(String(request.path[param])),
  );
  const filled = named + (random.chance(0.2) ? "/" : "");
  const query = Object.entries(request.query).map(([key, value]) => `${key}=${encodeLoosely(String(value))}`);
  const headers = Object.entries(request.header).map(([key, value]) => [key.toLowerCase(), String(value)]);
  return plainDraft({
    endpoint: name,
    kind: "api",
    method: name.split(" ", 1)[0] ?? "GET",
    content: request.body === undefined ? { kind: "none" } : { kind: "json", value: request.body },
    documented: { path: filled, statuses: Object.keys(operation.responses) },
    target: filled + (query.length > 0 ? `?${query.join("&")}` : ""),
    headers: { ...credential, ...Object.fromEntries(headers) },
  });
}

const UNKNOWN_REFERENCE = "TXN-222222222222";
/** Never an amount that selects a scenario of the sandbox. */
const amountOf = (random: Random) => random.int(3, 99) * 10;

interface Webhook {
  path: string;
  header: string;
  digest: "sha256" | "sha512";
  secret: "GETMIPAY_WEBHOOK_SECRET" | "PAYSTACK_SECRET_KEY";
  events: readonly string[];
  payoutEvents: readonly string[];
  data(reference: string, random: Random): Record<string, unknown>;
}

const WEBHOOKS: readonly Webhook[] = [
  {
    path: "/webhook/getmipay",
    header: "x-signature",
    digest: "sha256",
    secret: "GETMIPAY_WEBHOOK_SECRET",
    events: ["payment.completed", "payment.failed", "payment.dispute"],
    payoutEvents: ["payout.completed", "payout.failed", "payout.reversed"],
    data: (reference, random) => {
      const id = `gmp_${random.hex(6)}`;
      const named = { transaction_id: id, payout_id: id, reference };
      return { ...named, amount: amountOf(random), currency: "XOF", method: "wave", live: false };
    },
  },
  {
    path: "/api/wallet/paystack/webhook",
    header: "x-paystack-signature",
    digest: "sha512",
    secret: "PAYSTACK_SECRET_KEY",
    events: ["charge.success", "charge.dispute.create"],
    payoutEvents: ["transfer.success", "transfer.failed", "transfer.reversed"],
    data: (reference, random) => ({
      id: random.int(1, 1_000_000_000),
      domain: "test",
      reference: random.pick([reference, `${reference.toLowerCase()}-payout`]),
      amount: amountOf(random) * 100,
      currency: "NGN",
      channel: "card",
      fees: 10,
      paid_at: "2026-11-20T09:31:16.000Z",
      metadata: random.pick([0, "", { user_id: "1" }, null]),
      customer: { email: "awa@example.test" },
      recipient: { details: { account_number: "0123456789", bank_code: "057" } },
    }),
  },
];

/** Both providers' webhooks. Bodies are signed after they are mutated, so that they pass the signature check. */
export function webhookEndpoints(world: World): Endpoint[] {
  return WEBHOOKS.map(({ path, header, digest, secret, events, payoutEvents, data }) => ({
    name: `POST ${path}`,
    kind: "webhook",
    speed: "quick",
    async draft(random) {
      const event = random.pick(random.chance(0.4) ? payoutEvents : events);
      const reference = random.chance(0.5) ? world.attacker(random).reference : UNKNOWN_REFERENCE;
      const value = { event, data: { status: event.split(".")[1], ...data(reference, random) } };
      const key = world.deployment.secrets[secret];
      const sign: NonNullable<Draft["sign"]> = (bytes) => ({
        [header]: createHmac(digest, key).update(bytes).digest("hex"),
      });
      const isSigned = random.chance(0.8);
      return plainDraft({
        endpoint: `POST ${path}`,
        kind: "webhook",
        method: "POST",
        target: path + (random.chance(0.5) ? "/" : ""),
        content: { kind: "json", value },
        ...(isSigned ? { sign } : { headers: { [header]: random.hex(digest === "sha256" ? 32 : 64) } }),
      });
    },
  }));
}
