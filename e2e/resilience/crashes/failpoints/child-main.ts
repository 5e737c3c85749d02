// Entry of the child: API server, worker and verbs in one process, killed at the failpoint that is armed.
import { setTimeout as wait } from "node:timers/promises";
import { type Database, openDatabase } from "@/db/client";
import { createApiLimits } from "@/lib/api/limits";
import { apiRoutes, createApi } from "@/lib/api/route-table";
import { credentialChecks } from "@/lib/auth/token-and-key-checks";
import { config } from "@/lib/config";
import { describeError } from "@/lib/describe-error";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { sweepOnce } from "@/lib/jobs/sweeps";
import { createTasks, systemContext } from "@/lib/jobs/tasks";
import { startWorker } from "@/lib/jobs/worker";
import { listProviders, overrideProviders } from "@/lib/providers/registry";
import { createAppServer } from "@/lib/server/app-server";
import { type Context, database } from "@/lib/services/context";
import { observeRoute, observeTasks } from "./acknowledgements";
import { armFailpoint, disarmFailpoints, observeProvider, shiftClock, shiftedDate } from "./failpoint";
import type { ChildRequest, ChildResponse } from "./messages";
import { VERBS } from "./verbs";

overrideProviders(listProviders().map(observeProvider));
const dependencies = {
  database,
  checks: credentialChecks(database),
  limits: createApiLimits(config().api.limits),
  allowedOrigins: config().api.allowedOrigins,
  baseUrl: config().baseUrl,
  now: () => shiftedDate(new Date()),
};
const api = createApi(dependencies, apiRoutes(dependencies).map(observeRoute));
const server = createAppServer({
  ...config().server,
  apiServer: api,
  // Next isn't here.
  handle: async (_request, response) => {
    response.statusCode = 404;
    response.end();
  },
});
const db = openDatabase(config().database.url, { max: 4, name: "cauris failpoints" });

const LISTEN_TRIES_MAX = 100;
const LISTEN_PAUSE_MS = 100;

/** Called when the previous child is dead: until then it holds the port and the worker's lock. */
async function begin(): Promise<void> {
  await listen();
  await startWorker(() => process.exit(1), {
    // The worker restarts after every crash, and tests sweep by request: pauses would only cost time.
    electionPauseMs: 20,
    pollPauseMs: 50,
    sweepPauseMs: 86_400_000,
    tasks: (pool) => observeTasks(createTasks(pool, shiftedContext)),
  });
}

/** Of jobs and sweeps. */
async function shiftedContext(pool: Database): Promise<Context> {
  const context = await systemContext(pool);
  return { ...context, now: shiftedDate(context.now) };
}

/** Retries, since an outgoing connection may have been given the port while nobody listened on it. */
async function listen(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await server.listen();
    } catch (error) {
      if (tries === LISTEN_TRIES_MAX) throw error;
      await wait(LISTEN_PAUSE_MS);
    }
  }
}

async function handle(request: ChildRequest): Promise<unknown> {
  switch (request.type) {
    case "begin":
      return await begin();
    case "arm":
      return armFailpoint(request.failpoint, request.hit, request.markerFile);
    case "disarm":
      return disarmFailpoints();
    case "shift":
      return shiftClock(request.ms);
    case "sweep":
      return await sweepOnce(db, shiftedContext);
    case "verb": {
      const context = { actor: request.actor, requestId: newKey(), db, now: shiftedDate(new Date()) };
      const verb = VERBS[request.verb] as (context: Context, ...args: unknown[]) => Promise<unknown>;
      return await verb(context, ...request.args);
    }
  }
}

async function respond(request: ChildRequest): Promise<ChildResponse> {
  try {
    return { id: request.id, value: await handle(request) };
  } catch (error) {
    const refused = error instanceof DomainError ? error.code : null;
    return { id: request.id, refused, problem: describeError(error) };
  }
}

process.on("message", (request: ChildRequest) => {
  void respond(request).then((response) => process.send?.(response));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ id: 0, value: "loaded" } satisfies ChildResponse);
