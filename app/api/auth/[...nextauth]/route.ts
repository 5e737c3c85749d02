import type { NextRequest } from "next/server";
import { processApi } from "@/lib/api/process-api";
import { missingRoute } from "@/lib/api/route-table";
import { handlers } from "@/lib/auth/auth";

type Handler = (request: NextRequest) => Promise<Response>;

/** The JSON API's own addresses below /api/auth; every other one is next-auth's, by the methods that it takes. */
function apiOr(other: Handler): Handler {
  return async (request) => {
    const api = processApi();
    return api.has(new URL(request.url).pathname) ? await api.answer(request) : await other(request);
  };
}

export const GET = apiOr(handlers.GET);
export const POST = apiOr(handlers.POST);
export const HEAD = apiOr(handlers.GET);
export const OPTIONS = apiOr(missingRoute);
export const PUT = apiOr(missingRoute);
export const PATCH = apiOr(missingRoute);
export const DELETE = apiOr(missingRoute);
