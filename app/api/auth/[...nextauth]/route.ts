import type { NextRequest } from "next/server";
import { answerFromTable, assembledApi } from "@/lib/api/assemble";
import { handlers } from "@/lib/auth";

type Handler = (request: NextRequest) => Promise<Response>;

/** The API's own addresses below /api/auth go before next-auth's. */
function tableFirst(handler: Handler): Handler {
  return async (request) =>
    assembledApi().has(request.nextUrl.pathname) ? await answerFromTable(request) : await handler(request);
}

export const GET = tableFirst(handlers.GET);
export const POST = tableFirst(handlers.POST);
export const HEAD = answerFromTable;
export const OPTIONS = answerFromTable;
export const PUT = answerFromTable;
export const PATCH = answerFromTable;
export const DELETE = answerFromTable;
