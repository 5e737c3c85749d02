import next from "next";
import { assembledApi, checkApiSettings, stopApi } from "@/lib/api/assemble";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { createAppServer } from "./app-server";
import { logConsole } from "./log-console";
import { appSettings } from "./server.env";
import { FINISH_WITHIN_MS } from "./stop-limits";
import { reportReady, stopWithLauncher } from "./stop-request";

// The readiness route, which Next bundles apart from us, looks here.
const STOPPING = Symbol.for("cauris.stopping");

// Fails here, with the variable's name, rather than at somebody's first request.
env();
checkApiSettings();
const settings = appSettings();
// A developer reads the console as it is.
if (!settings.isDev) logConsole();
const app = next({ dev: settings.isDev, hostname: "localhost", port: settings.port });
await app.prepare();
const server = createAppServer({
  ...settings,
  ...(settings.hasApiServer ? { apiServer: assembledApi() } : {}),
  handle: app.getRequestHandler(),
  upgrade: app.getUpgradeHandler(),
});
await server.listen();
log.info({ port: settings.port, host: settings.host }, "listening");
stopWithLauncher(async () => {
  Reflect.set(globalThis, STOPPING, true);
  await server.stop();
  await stopApi();
  await app.close();
}, FINISH_WITHIN_MS);
reportReady();
