import type { Database } from "@/db/client";
import { healthLive, healthReady } from "./health";
import { webhookRoute } from "./webhooks";

/** One call of the JSON API: a plain function from Request to Response. */
export interface ApiRoute {
  method: "GET" | "POST" | "DELETE";
  /** Without a slash at the end; requests match with one too. */
  path: string;
  handler: (request: Request) => Promise<Response>;
}

export interface ApiDependencies {
  database: () => Database;
}

/** Everything that the API answers, for whoever mounts it: Next's route files, or the server in front of Next. */
export function apiRoutes({ database }: ApiDependencies): ApiRoute[] {
  return [
    { method: "GET", path: "/api/health/live", handler: healthLive },
    { method: "GET", path: "/api/health/ready", handler: healthReady(database) },
    { method: "POST", path: "/webhook/getmipay", handler: webhookRoute("getmipay", database) },
  ];
}

/** The route that a request is for, with or without a slash at the end; null when it is none of these. */
export function findRoute(routes: readonly ApiRoute[], request: Request): ApiRoute | null {
  const path = new URL(request.url).pathname.replace(/\/$/, "");
  return routes.find((route) => route.method === request.method && route.path === path) ?? null;
}
