import { createHmac } from "node:crypto";
import { createApiLimits } from "@/lib/api/limits";
import { API_CALLS, apiRoutes } from "@/lib/api/route-table";
import { DomainError } from "@/lib/errors";
import type { Random } from "../random";
import type { Content, Draft, EndpointKind } from "./draft";
import type { Person } from "./people";
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

const never = () => Promise.reject(new DomainError("unauthenticated"));
const NO_LIMIT = { key: 1, account: 1, address: 1, refused: 1 };

/** Every route of the JSON API, health and documentation, from the table that answers them. */
export function apiEndpoints(world: World): Endpoint[] {
  const routes = apiRoutes({
    database: () => world.deployment.db,
    checks: { accessToken: never, apiKey: never },
    limits: createApiLimits(NO_LIMIT),
    baseUrl: world.deployment.url,
  });
  return routes
    .filter(({ path }) => !WEBHOOKS.some((webhook) => webhook.path === path))
    .map(({ method, path }) => ({
      name: `${method} ${path}`,
      kind: "api",
      draft: (random) => apiDraft(world, random, { method, path }),
    }));
}

async function apiDraft(
  world: World,
  random: Random,
  { method, path }: { method: string; path: string },
): Promise<Draft> {
  const attacker = world.attacker(random);
  const endsSession = path === "/api/auth/logout" || path === "/api/auth/refresh";
  const tokens = endsSession ? await world.disposableTokens() : attacker.tokens;
  const byKey = !endsSession && random.chance(0.5) && !/\/(?:keys|auth)\//.test(path);
  const credential: [string, string] = byKey
    ? ["X-API-Key", attacker.apiKey]
    : ["Authorization", `Bearer ${tokens.access}`];
  const isMoney = method === "POST" && path.startsWith("/api/wallet/");
  const example = endsSession ? { refresh: tokens.refresh } : bodyFor(path, attacker, world, random);
  const content: Content = method === "POST" ? { kind: "json", value: example ?? {} } : { kind: "none" };
  return plainDraft({
    ...{ endpoint: `${method} ${path}`, kind: "api", method, content },
    target: addressOf(path, attacker, random),
    headers: [
      credential,
      ...(isMoney && random.chance(0.7) ? [["Idempotency-Key", random.hex(12)] as [string, string]] : []),
    ],
  });
}

const QUERIES: Record<string, readonly string[]> = {
  "/api/wallet/transactions": [
    "?limit=2&type=transfer&status=success&currency=XOF",
    "?q=105&from=2020-01-01&to=2999-01-01",
    "?cursor=5&limit=3",
    "",
  ],
  "/api/wallet/balance": ["?currency=XOF", "?currency=NGN", ""],
  "/api/auth/google/callback": ["?code=abc&state=def", "?error=access_denied&state=x"],
  "/api/docs/files/{file}": ["?v=1"],
};

function addressOf(path: string, { reference }: Person, random: Random): string {
  const filled = path
    .replace("{reference}", random.chance(0.8) ? reference : "TXN-222222222222")
    .replace("{file}", random.pick(["start.js", "page.css"]));
  const queries = QUERIES[path];
  return filled + (random.chance(0.2) ? "/" : "") + (queries ? random.pick(queries) : "");
}

/** Never an amount that selects a scenario of the sandbox. */
const amountOf = (random: Random) => random.int(3, 99) * 10;

function bodyFor(path: string, attacker: Person, world: World, random: Random): unknown {
  const transfer = () => ({
    wallet_number: world.other(attacker, random).walletNumber,
    amount: amountOf(random),
    currency: random.pick(["XOF", "NGN"]),
    ...(random.chance(0.5) ? { note: "riz" } : {}),
  });
  switch (path) {
    case "/api/wallet/transfer":
      return transfer();
    case "/api/wallet/transfers":
      return { transfers: Array.from({ length: random.int(1, 6) }, transfer) };
    case "/api/wallet/deposit":
      return random.chance(0.5)
        ? { amount: amountOf(random) * 100, return_url: "http://localhost/back" }
        : { amount: amountOf(random), currency: "XOF", method: "wave", phone: "+22670123456" };
    case "/api/wallet/withdraw":
      return random.chance(0.5)
        ? { amount: amountOf(random), currency: "XOF", method: "wave", phone: "+22670123456" }
        : { amount: amountOf(random) * 100, bank_code: "057", account_number: "0123456789" };
    case "/api/keys/revoke":
      return { key_id: random.pick([Number(attacker.expiredKeyId), String(attacker.expiredKeyId)]) };
    case "/api/keys/rollover":
      return { expired_key_id: String(attacker.expiredKeyId), expiry: "1D" };
    default:
      return structuredClone(API_CALLS.find((call) => call.path === path)?.bodyExample);
  }
}

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
