import next from "next";
import { processApi, stopApi } from "@/lib/api/process-api";
import { sessionIdInHeader } from "@/lib/auth/session-cookie";
import { config } from "@/lib/config";
import { setStopping } from "@/lib/http/process-state";
import { log } from "@/lib/log";
import { createAppServer } from "./app-server";
import { logConsole } from "./log-console";
import { FINISH_WITHIN_MS } from "./stop-limits";
import { reportReady, stopWithLauncher } from "./stop-request";

// A wrong variable stops the start with its name, instead of failing the first request.
const settings = config().server;
// A developer reads the console as it is.
if (!settings.isDev) logConsole();
const app = next({ dev: settings.isDev, hostname: "localhost", port: settings.port });
await app.prepare();
const server = createAppServer({
  ...settings,
  ...(settings.hasApiServer ? { apiServer: processApi() } : {}),
  handle: app.getRequestHandler(),
  sessionIn: (cookies) => sessionIdInHeader(cookies, config().auth),
  // Hot reloading; nothing else of ours upgrades a connection.
  ...(settings.isDev ? { upgrade: app.getUpgradeHandler() } : {}),
});
await server.listen();
log.info({ port: settings.port, host: settings.host }, "listening");
stopWithLauncher(async () => {
  setStopping();
  await server.stop();
  await stopApi();
  await app.close();
}, FINISH_WITHIN_MS);
reportReady();
