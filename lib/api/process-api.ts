import { credentialChecks, stopCredentialChecks } from "@/lib/auth/token-and-key-checks";
import { config } from "@/lib/config";
import { database } from "@/lib/services/context";
import { requireDatabase } from "@/lib/services/health/require-database";
import { processLimits } from "./process-limits";
import { type Api, createApi, missingRoute } from "./route-table";

let api: Api | undefined;

/** This process's API, with its pool, its credential checks and its counters. */
export function processApi(): Api {
  api ??= createApi({
    database,
    requireDatabase,
    checks: credentialChecks(database),
    limits: processLimits(),
    allowedOrigins: config().api.allowedOrigins,
    baseUrl: config().baseUrl,
  });
  return api;
}

/** For the process's end: writes when keys were last used, and stops listening for revocations. */
export async function stopApi(): Promise<void> {
  await stopCredentialChecks(database);
}

/** The whole table, and 404 in JSON for what it doesn't have: what Next's catch-all routes below /api and /webhook export. */
export async function answerFromTable(request: Request): Promise<Response> {
  const api = processApi();
  if (!api.has(new URL(request.url).pathname)) return await missingRoute(request);
  return await api.answer(uncompressed(request));
}

/** Next drops Content-Encoding from what a route answers, and compresses by itself: it has to be handed plain bytes. */
function uncompressed(request: Request): Request {
  if (request.method !== "GET") return request;
  const headers = new Headers(request.headers);
  headers.delete("accept-encoding");
  return new Request(request.url, { headers });
}
