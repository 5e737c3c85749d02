import type { Database } from "@/db/client";
import { defineRoute, type RouteHandler } from "@/lib/http/define-route";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";

/**
 * POST /webhook/<provider>: stores the event and answers 200; 400 "Invalid signature" when its signature is wrong.
 * What it means is decided later, by the worker.
 */
export function webhookRoute(provider: string, database: () => Database): RouteHandler {
  return defineRoute({ name: `webhook ${provider}` }, async ({ request, requestId, bytes }) => {
    const rawBody = await bytes();
    const context = {
      actor: { kind: "provider", name: provider },
      requestId,
      db: database(),
      now: new Date(),
    } as const;
    const { headers, url } = request;
    await receiveWebhook(context, { provider, rawBody, headers, calledAt: new URL(url) });
    return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
  });
}
