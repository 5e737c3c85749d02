import type { Database } from "@/db/client";
import { isOutage } from "@/db/outage";
import { describeError } from "@/lib/describe-error";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { networksFromHeaders } from "@/lib/http/client-address";
import { defineRoute, type RouteHandler, type RouteRequest } from "@/lib/http/define-route";
import { log } from "@/lib/log";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { webhookEndpointOf } from "@/lib/services/provider-events/webhook-endpoints";
import type { ApiLimits } from "./limits";
import { processLimits } from "./process-limits";

/** An address with too many refusals may still post callbacks of this size, which its provider's are, rightly signed. */
const CALLBACK_BYTES_MAX = 8 * 1024;

/** Providers wait for 10 to 30 seconds, and repeat what wasn't stored. */
const STORED_WITHIN_MS = 2_500;
const RETRY_AFTER_SECONDS = 10;

type Limits = Pick<ApiLimits, "lookAtNetwork" | "takeNetwork">;

/**
 * POST /webhook/<provider>: stores the event and answers 200; 400 "Invalid signature" when its signature is wrong; 429 for an
 * address that was refused too often, before its body is parsed; 503 while the database is away, so that the provider
 * repeats it. What it means is decided later, by the worker.
 */
export function webhookRoute(provider: string, database: () => Database, limits?: Limits): RouteHandler {
  const { bodyBytesMax } = webhookEndpointOf(provider);
  const options = { name: `webhook ${provider}`, bodyBytesMax, limits };
  return callbackRoute(options, (incoming, rawBody, rawOnly) =>
    receive(incoming, rawBody, { provider, database, rawOnly }),
  );
}

interface CallbackOptions {
  name: string;
  bodyBytesMax: number;
  limits: Limits | undefined;
}

/**
 * A route that stores what somebody else's server calls back with, as {@link webhookRoute}. `receive` stores it; `rawOnly`
 * tells that its caller was refused too often to have anything parsed before its credential is checked.
 */
export function callbackRoute(
  { name, bodyBytesMax, limits }: CallbackOptions,
  receive: (incoming: RouteRequest, rawBody: Uint8Array<ArrayBuffer>, rawOnly: boolean) => Promise<void>,
): RouteHandler {
  return defineRoute({ name, bodyBytesMax }, async (incoming) => {
    const refusals = refusalsOf(limits ?? processLimits(), incoming.request.headers);
    const refused = await refusals.look();
    if (refused && announcedBytes(incoming.request) > CALLBACK_BYTES_MAX) throw refused;
    try {
      // Before the limit: a caller that sends slowly is no outage.
      const rawBody = await wholeBody(incoming);
      await withinLimit(receive(incoming, rawBody, refused !== null));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await refusals.count();
      throw refused ?? error;
    }
    return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
  });
}

/** Throws `payload_too_large`, and `malformed_body` for a body whose end never came. */
async function wholeBody({ bytes }: RouteRequest): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await bytes();
  } catch (error) {
    throw error instanceof DomainError ? error : new DomainError("malformed_body");
  }
}

interface Receiver {
  provider: string;
  database: () => Database;
  rawOnly: boolean;
}

async function receive(
  { request, requestId }: RouteRequest,
  rawBody: Uint8Array<ArrayBuffer>,
  { provider, database, rawOnly }: Receiver,
): Promise<void> {
  const actor = { kind: "provider", name: provider } as const;
  const context = { actor, requestId, db: database(), now: new Date() };
  const { headers, url } = request;
  await receiveWebhook(context, { provider, rawBody, headers, calledAt: new URL(url), checks: { rawOnly } });
}

/** A callback is repeated until it was stored, so whether a lost answer's was doesn't matter. */
async function withinLimit(receiving: Promise<void>): Promise<void> {
  const unavailable = new DomainError("unavailable", { retryAfterSeconds: RETRY_AFTER_SECONDS });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable), STORED_WITHIN_MS);
  });
  try {
    await Promise.race([receiving, late]);
  } catch (error) {
    if (error instanceof DomainError ? error.code !== "unavailable" : !isOutage(error)) throw error;
    log.error({ error: describeError(error) }, "a webhook couldn't be stored");
    throw unavailable;
  } finally {
    clearTimeout(timer);
  }
}

const REFUSALS: readonly ErrorCode[] = ["invalid_signature", "payload_too_large", "malformed_body"];

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && REFUSALS.includes(error.code);
}

/** Infinite for a body of unknown length. */
function announcedBytes({ headers }: Request): number {
  return Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
}

/** What an address was refused for, apart from its refused API calls. */
function refusalsOf(limits: Limits, headers: Headers) {
  const networks = networksFromHeaders(headers).map((network) => `webhook ${network}`);
  const refusal = async (work: Promise<void>): Promise<DomainError | null> => {
    try {
      await work;
      return null;
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  };
  return {
    look: () => refusal(limits.lookAtNetwork("refused", networks)),
    count: () => refusal(limits.takeNetwork("refused", networks)),
  };
}
