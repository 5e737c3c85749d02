import { database } from "@/lib/auth/request-context";
import { credentialChecks } from "@/lib/auth/token-and-key-checks";
import { apiSettings } from "./api.env";
import { createApiLimits } from "./limits";
import { missingRoute } from "./missing";
import { type Api, createApi } from "./route-table";

let assembled: Api | undefined;

/** This process's API, with its pool, its credential checks and its counters. Throws an Error that names a wrong setting. */
export function assembledApi(): Api {
  assembled ??= createApi({
    database,
    checks: credentialChecks(database),
    limits: createApiLimits(apiSettings().limits),
    allowedOrigins: apiSettings().allowedOrigins,
    baseUrl: apiSettings().baseUrl,
  });
  return assembled;
}

/** The whole table, and 404 in JSON for what it doesn't have: what Next's catch-all routes below /api and /webhook export. */
export async function answerFromTable(request: Request): Promise<Response> {
  const api = assembledApi();
  return api.has(new URL(request.url).pathname) ? await api.answer(request) : await missingRoute(request);
}
