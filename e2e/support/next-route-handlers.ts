import * as api from "@/app/api/[...rest]/route";
import * as webhook from "@/app/webhook/[...rest]/route";
import { closeDatabase } from "@/db/client";
import { stopApi } from "@/lib/api/process-api";
import { database } from "@/lib/services/context";
import { configureAsDeployment } from "./started-deployment";

let isConfigured = false;

/**
 * Answers a request by the handlers that Next's catch-all routes export, in this process and on the started deployment's
 * database. The route file below /api/auth can't be loaded outside of Next; next-routes.test.ts is about it.
 */
export async function sendToRouteHandlers(url: string, init: RequestInit): Promise<Response> {
  if (!isConfigured) configureAsDeployment();
  isConfigured = true;
  const handlers = new URL(url).pathname.startsWith("/webhook/") ? webhook : api;
  return await handlers[init.method === "POST" ? "POST" : "GET"](new Request(url, init));
}

/** Closes what the handlers opened. */
export async function closeRouteHandlers(): Promise<void> {
  if (!isConfigured) return;
  await stopApi();
  await closeDatabase(database());
}
