// The API, the worker and the verbs in one process of an instrumented copy: whatever it is doing, it dies at one point.
import { setTimeout as wait } from "node:timers/promises";
import { openDatabase } from "@/db/client";
import { assembledApi } from "@/lib/api/assemble";
import { describeError } from "@/lib/describe-error";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { sweepOnce } from "@/lib/jobs/sweeps";
import { startWorker } from "@/lib/jobs/worker";
import { createAppServer } from "@/lib/server/app-server";
import { appSettings } from "@/lib/server/server.env";
import type { Context } from "@/lib/services/context";
import { armPoint, disarmPoints, shiftClock, shiftedDate, takePasses } from "./failpoint";
import type { Answer, Question } from "./messages";
import { VERBS } from "./verbs";

const api = assembledApi();
const server = createAppServer({
  ...appSettings(),
  apiServer: api,
  // Next isn't here.
  handle: async (_request, response) => {
    response.statusCode = 404;
    response.end();
  },
});
const db = openDatabase(env().DATABASE_URL, { max: 4, name: "cauris failpoints" });

const LISTEN_TRIES_MAX = 100;
const LISTEN_PAUSE_MS = 100;

/** The port and the worker's lock are the last one's until it is dead: this one waits, loaded, for its turn. */
async function begin(): Promise<void> {
  await listen();
  await startWorker(() => process.exit(1));
}

/** Somebody's outgoing connection may have been given the port in the moment in which nobody had it. */
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

async function carryOut(question: Question): Promise<unknown> {
  switch (question.ask) {
    case "begin":
      return await begin();
    case "arm":
      return armPoint(question.point, question.pass, question.tellIn);
    case "disarm":
      return disarmPoints();
    case "passes":
      return takePasses();
    case "shift":
      return shiftClock(question.ms);
    case "sweep":
      return await sweepOnce(db);
    case "verb": {
      const context = { actor: question.actor, requestId: newKey(), db, now: shiftedDate(new Date()) };
      const verb = VERBS[question.verb] as (context: Context, ...given: unknown[]) => Promise<unknown>;
      return await verb(context, ...question.given);
    }
  }
}

async function answer(question: Question): Promise<Answer> {
  try {
    return { id: question.id, value: await carryOut(question) };
  } catch (error) {
    const refused = error instanceof DomainError ? error.code : null;
    return { id: question.id, refused, problem: describeError(error) };
  }
}

process.on("message", (question: Question) => {
  void answer(question).then((told) => process.send?.(told));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ id: 0, value: "loaded" } satisfies Answer);
