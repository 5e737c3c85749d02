import { DomainError } from "@/lib/errors";
import { defineRoute, errorResponse, type RouteHandler } from "@/lib/http/define-route";
import { securityHeaders } from "@/lib/http/security-headers";
import { REPORT_ENDPOINTS } from "@/lib/services/messages/report-endpoints";
import { WEBHOOK_ENDPOINTS } from "@/lib/services/provider-events/webhook-endpoints";
import { startGoogleSignIn } from "./auth/google";
import { finishGoogleSignInCall } from "./auth/google-callback";
import { logOut } from "./auth/logout";
import { getMe } from "./auth/me";
import { refreshTokens } from "./auth/refresh";
import { pathOf, patternOf, withoutSlash } from "./call-path";
import { corsHeaders, preflight } from "./cors";
import type { ApiCall, ApiRoute } from "./define-call";
import { docsRoutes } from "./docs/routes";
import { healthLive, healthReady } from "./health";
import { createKey } from "./keys/create";
import { listKeys } from "./keys/list";
import { revokeKey } from "./keys/revoke";
import { rolloverKey } from "./keys/rollover";
import { messageReportRoute } from "./message-reports";
import { type ApiDependencies, mountCall } from "./mount-call";
import { getMinutesCall } from "./tontines/get-minutes";
import { getTontine } from "./tontines/get-tontine";
import { listCashbookCall } from "./tontines/list-cashbook";
import { listDecisionsCall } from "./tontines/list-decisions";
import { listDues } from "./tontines/list-dues";
import { listTontines } from "./tontines/list-tontines";
import { listTurns } from "./tontines/list-turns";
import { payDueCall } from "./tontines/pay-due";
import { cancelDepositCall } from "./wallet/cancel-deposit";
import { createRequest } from "./wallet/create-request";
import { getBalance } from "./wallet/get-balance";
import { getBalanceHistoryCall } from "./wallet/get-balance-history";
import { getDepositStatus } from "./wallet/get-deposit-status";
import { getOperationCall } from "./wallet/get-operation";
import { getRequest } from "./wallet/get-request";
import { getStatementCall } from "./wallet/get-statement";
import { initiateDeposit } from "./wallet/initiate-deposit";
import { listTransactions } from "./wallet/list-transactions";
import { transfer } from "./wallet/transfer";
import { transfers } from "./wallet/transfers";
import { withdraw } from "./wallet/withdraw";
import { webhookRoute } from "./webhooks";

/** Every call of the JSON API, in the order of the documentation. */
export const API_CALLS: readonly ApiCall[] = [
  // auth/
  startGoogleSignIn,
  finishGoogleSignInCall,
  refreshTokens,
  logOut,
  getMe,
  // keys/
  createKey,
  listKeys,
  revokeKey,
  rolloverKey,
  // wallet/
  initiateDeposit,
  getDepositStatus,
  cancelDepositCall,
  getBalance,
  getBalanceHistoryCall,
  getStatementCall,
  transfer,
  transfers,
  withdraw,
  createRequest,
  getRequest,
  listTransactions,
  getOperationCall,
  // tontines/
  listTontines,
  getTontine,
  listTurns,
  listDues,
  listDecisionsCall,
  listCashbookCall,
  getMinutesCall,
  payDueCall,
];

/** Everything that is answered below /api and /webhook but for next-auth's own addresses. */
export function apiRoutes(dependencies: ApiDependencies): ApiRoute[] {
  const { database, limits, baseUrl, inspect } = dependencies;
  return [
    { method: "GET", path: "/api/health/live", handler: healthLive },
    { method: "GET", path: "/api/health/ready", handler: healthReady(database) },
    ...WEBHOOK_ENDPOINTS.map(({ path, provider }): ApiRoute => {
      return { method: "POST", path, handler: webhookRoute(provider, database, limits) };
    }),
    ...REPORT_ENDPOINTS.map(({ path, vendor }): ApiRoute => {
      return { method: "POST", path, handler: messageReportRoute(vendor, database, limits) };
    }),
    ...API_CALLS.map((call) => ({
      method: call.method,
      path: call.path,
      hasEffects: call.hasEffects ?? false,
      handler: inspected(mountCall(call, dependencies), call, inspect),
    })),
    ...docsRoutes(API_CALLS, baseUrl),
  ];
}

function inspected(handler: RouteHandler, call: ApiCall, inspect: ApiDependencies["inspect"]): RouteHandler {
  if (inspect === undefined) return handler;
  return async (request) => {
    const answer = await handler(request);
    await inspect(call, answer.clone());
    return answer;
  };
}

/** What no route answers below /api and /webhook: 404 in JSON, as a caller of an API expects. */
export const missingRoute = defineRoute({ name: "missing" }, async () => {
  throw new DomainError("not_found");
});

export interface Api {
  /** True for an address of the table, whatever the method. Takes a path without its query. */
  has(path: string): boolean;
  /** Answers a request for an address of the table: 405 with Allow for another method, 204 for a preflight. */
  answer(request: Request): Promise<Response>;
}

/** The table as a request handler, for the server in front of Next or for Next's route files. */
export function createApi(
  dependencies: ApiDependencies & { allowedOrigins: ReadonlySet<string> },
  routes: readonly ApiRoute[] = apiRoutes(dependencies),
): Api {
  const fixed = new Map<string, ApiRoute[]>();
  const patterns: { pattern: RegExp; routes: ApiRoute[] }[] = [];
  for (const [path, same] of groupByPath(routes)) {
    if (path.includes("{")) patterns.push({ pattern: patternOf(path), routes: same });
    else fixed.set(path, same);
  }
  const find = (path: string): ApiRoute[] | undefined => {
    const plain = withoutSlash(path);
    return fixed.get(plain) ?? patterns.find(({ pattern }) => pattern.test(plain))?.routes;
  };
  const { allowedOrigins, baseUrl } = dependencies;
  // A request that is answered before Next doesn't pass the proxy, which gives these to everything else.
  const secure = Object.entries(securityHeaders(baseUrl.startsWith("https:")));
  const answer = async (request: Request): Promise<Response> => {
    const found = find(pathOf(request.url));
    if (found === undefined) return await missingRoute(request);
    const methods = found
      .map(({ method, hasEffects }) => (method === "GET" && !hasEffects ? "GET, HEAD" : method))
      .join(", ");
    const origin = request.headers.get("origin");
    if (request.method === "OPTIONS") return preflight(origin, allowedOrigins, `${methods}, OPTIONS`);
    const isHead = request.method === "HEAD";
    const route = found.find(({ method, hasEffects }) =>
      isHead ? method === "GET" && !hasEffects : method === request.method,
    );
    const response = route ? await route.handler(request) : notAllowed(request, methods);
    for (const [name, value] of Object.entries(corsHeaders(origin, allowedOrigins))) {
      response.headers.append(name, value);
    }
    return response;
  };
  return {
    has: (path) => find(path) !== undefined,
    async answer(request) {
      const response = await answer(request);
      for (const [name, value] of secure) response.headers.set(name, value);
      return response;
    },
  };
}

function notAllowed(request: Request, methods: string): Response {
  const requestId = request.headers.get("x-request-id") ?? "";
  const response = errorResponse(new DomainError("method_not_allowed"), requestId, "method");
  response.headers.set("allow", `${methods}, OPTIONS`);
  return response;
}

function groupByPath(routes: readonly ApiRoute[]): Map<string, ApiRoute[]> {
  const groups = new Map<string, ApiRoute[]>();
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  return groups;
}
