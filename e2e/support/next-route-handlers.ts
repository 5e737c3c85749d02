import * as api from "@/app/api/[...rest]/route";
import * as webhook from "@/app/webhook/[...rest]/route";
import { configureAsDeployment } from "./started-deployment";

// Its connections stay open until the process of Playwright's worker ends: other tests of the worker need them too.
let isConfigured = false;

/**
 * Answers a request by the handlers that Next's catch-all routes export, in this process and on the started deployment's
 * database. The route file below /api/auth can't be loaded outside of Next; next-routes.db.test.ts is about it.
 */
export async function sendToRouteHandlers(url: string, init: RequestInit): Promise<Response> {
  if (!isConfigured) configureAsDeployment();
  isConfigured = true;
  const handlers = new URL(url).pathname.startsWith("/webhook/") ? webhook : api;
  return await handlers[init.method === "POST" ? "POST" : "GET"](new Request(url, init));
}
