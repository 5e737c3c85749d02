// The app's server with the API server and nothing behind it: `npm run bench` measures it from another process.
import { assembledApi, stopApi } from "@/lib/api/assemble";
import { config } from "@/lib/config";
import { createAppServer } from "@/lib/server/app-server";
import { FINISH_WITHIN_MS } from "@/lib/server/stop-limits";
import { reportReady, stopWithLauncher } from "@/lib/server/stop-request";

// The readiness route looks here.
const STOPPING = Symbol.for("cauris.stopping");

const server = createAppServer({
  ...config().server,
  apiServer: assembledApi(),
  // Next isn't here.
  handle: async (_request, response) => {
    response.statusCode = 404;
    response.end();
  },
});
await server.listen();
stopWithLauncher(async () => {
  Reflect.set(globalThis, STOPPING, true);
  await server.stop();
  await stopApi();
}, FINISH_WITHIN_MS);
reportReady();
