import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";

const LOOK_EVERY_MS = 10;

export interface Readiness {
  /** Resolves with the number of "not ready" responses, and of "ready" ones after the first of them. */
  stop(): Promise<{ notReady: number; readyAgain: number }>;
}

/** Polls /api/health/ready over a keep-alive connection, as a load balancer does. */
export function watchReadiness(url: string): Readiness {
  const { port } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let isOver = false;
  const seen = { notReady: 0, readyAgain: 0 };
  const watching = (async () => {
    while (!isOver) {
      const status = await ask(agent, port);
      if (status === 503) seen.notReady += 1;
      else if (status === 200 && seen.notReady > 0) seen.readyAgain += 1;
      await wait(LOOK_EVERY_MS);
    }
    agent.destroy();
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return seen;
    },
  };
}

/** The status; null without a response. */
function ask(agent: http.Agent, port: string): Promise<number | null> {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/api/health/ready", agent }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? null));
      response.once("error", () => resolve(null));
    });
    request.once("error", () => resolve(null));
  });
}
