// The child: API server, worker and verbs in one process, which dies at the failpoint that the harness arms.
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { deserialize, serialize } from "node:v8";
import { openDatabase } from "@/db/client";
import { createApiLimits } from "@/lib/api/limits";
import { apiRoutes, createApi } from "@/lib/api/route-table";
import { credentialChecks } from "@/lib/auth/token-and-key-checks";
import { config } from "@/lib/config";
import { describeError } from "@/lib/describe-error";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { createTasks } from "@/lib/jobs/tasks";
import { startWorker } from "@/lib/jobs/worker";
import { listProviders, overrideProviders } from "@/lib/providers/registry";
import { createAppServer } from "@/lib/server/app-server";
import { type Actor, type Context, database } from "@/lib/services/context";
import { observeRoute, observeTasks } from "./acknowledgements";
import { observeProvider, shiftedDate } from "./failpoint";
import { shiftedContext } from "./process-calls";

/** A call of a verb as the harness posts it to any address outside of the API, serialized by v8. */
export interface VerbCall {
  verb: string;
  actor: Actor;
  args: unknown[];
}

/** `code` is a DomainError's, null for another error. */
export type VerbAnswer = { value: unknown } | { code: string | null; problem: unknown };

type AnyVerb = (context: Context, ...args: unknown[]) => Promise<unknown>;

/** Calls a verb of `modules` by the name of its function. */
export async function runChild(modules: readonly object[]): Promise<void> {
  process.once("disconnect", () => process.exit(0));
  overrideProviders(listProviders().map(observeProvider));
  const verbs = Object.assign({}, ...modules) as Record<string, AnyVerb>;
  const db = openDatabase(config().database.url, { max: 4, name: "cauris failpoints" });
  await listen(async (request) => {
    const { verb, actor, args } = deserialize(await buffer(request)) as VerbCall;
    const context = { actor, requestId: newKey(), db, now: shiftedDate(new Date()) };
    try {
      return { value: await verbs[verb]?.(context, ...args) };
    } catch (error) {
      return { code: error instanceof DomainError ? error.code : null, problem: describeError(error) };
    }
  });
  await startWorker(() => process.exit(1), {
    // The worker restarts after every crash, and tests sweep by request: pauses would only cost time.
    electionPauseMs: 20,
    pollPauseMs: 50,
    sweepPauseMs: 86_400_000,
    tasks: (pool) => observeTasks(createTasks(pool, shiftedContext)),
  });
}

const LISTEN_PAUSE_MS = 10;

/** Serves the API and verbs. Waits for the port, which the child before this one holds until it dies. */
async function listen(answerVerb: (request: IncomingMessage) => Promise<VerbAnswer>): Promise<void> {
  const dependencies = {
    database,
    checks: credentialChecks(database),
    limits: createApiLimits(config().api.limits),
    allowedOrigins: config().api.allowedOrigins,
    baseUrl: config().baseUrl,
    now: () => shiftedDate(new Date()),
  };
  const server = createAppServer({
    ...config().server,
    apiServer: createApi(dependencies, apiRoutes(dependencies).map(observeRoute)),
    handle: async (request, response) => {
      response.end(serialize(await answerVerb(request)));
    },
  });
  process.send?.("loaded");
  for (;;) {
    try {
      return await server.listen();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      await wait(LISTEN_PAUSE_MS);
    }
  }
}
