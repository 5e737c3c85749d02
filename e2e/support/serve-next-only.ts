/**
 * A second app on the deployment of the end-to-end tests, without the API server in front of Next: the contract of the API also
 * holds for deployments that run Next alone. Same database, same keys, a port of its own.
 */
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { applicationEnvironment } from "@/lib/server/environment";
import { serverSettings } from "@/lib/server/server-settings";
import { listenForStop } from "@/lib/server/stop-request";
import { superviseChild } from "@/lib/server/supervisor";
import { APP_PORT, DATA_DIR, databaseUrl, NEXT_ONLY_PORT } from "./deployment-addresses";

const DEPLOYMENT_READY_WITHIN_MS = 110_000;

async function deploymentIsReady(): Promise<void> {
  const deadline = Date.now() + DEPLOYMENT_READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`http://localhost:${APP_PORT}/api/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error("the deployment did not become ready");
    await wait(250);
  }
}

const stop = listenForStop(() => process.exit(130));
await deploymentIsReady();
const settings = serverSettings({ CAURIS_MODE: "demo", DATA_DIR, PORT: String(APP_PORT) });
const child = superviseChild({
  name: "app without the API server",
  entry: fileURLToPath(new URL("../../lib/server/app-main.ts", import.meta.url)),
  env: {
    ...applicationEnvironment(settings, databaseUrl(), false),
    PORT: String(NEXT_ONLY_PORT),
    API_SERVER: "false",
  },
  logFile: path.join(DATA_DIR, "logs", "app-without-api-server.log"),
  onGivenUp: stop.request,
});
await child.ready;
const reason = await stop.requested;
await child.stop();
if (reason !== undefined) throw reason;
process.exit(0);
