import type { Database } from "@/db/client";
import type { RouteHandler } from "@/lib/http/define-route";
import { receiveReport } from "@/lib/services/messages/receive-report";
import { REPORT_BYTES_MAX, reportEndpointOf } from "@/lib/services/messages/report-endpoints";
import { paramsOf, pathOf, withoutSlash } from "./call-path";
import type { ApiLimits } from "./limits";
import { callbackRoute } from "./webhooks";

/**
 * POST /webhook/messages/<vendor>/<secret>: stores what an SMS gateway reports of messages that it took, and answers 200. Refusals,
 * limits and outages as webhooks of providers.
 */
export function messageReportRoute(
  vendor: string,
  database: () => Database,
  limits?: Pick<ApiLimits, "lookAtNetwork" | "takeNetwork">,
): RouteHandler {
  const { path } = reportEndpointOf(vendor);
  const options = { name: `delivery report ${vendor}`, bodyBytesMax: REPORT_BYTES_MAX, limits };
  return callbackRoute(options, async ({ request, requestId }, rawBody) => {
    const { secret = "" } = paramsOf(path, withoutSlash(pathOf(request.url)));
    const actor = { kind: "provider", name: vendor } as const;
    const context = { actor, requestId, db: database(), now: new Date() };
    await receiveReport(context, { vendor, secret, body: Buffer.from(rawBody).toString("utf8") });
  });
}
