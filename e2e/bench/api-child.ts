// The app's server with the API server and nothing behind it: `npm run bench` measures it from another process.
import { processApi, stopApi } from "@/lib/api/process-api";
import { config } from "@/lib/config";
import { setStopping } from "@/lib/http/process-state";
import { createAppServer } from "@/lib/server/app-server";
import { FINISH_WITHIN_MS } from "@/lib/server/stop-limits";
import { reportReady, stopWithLauncher } from "@/lib/server/stop-request";

const server = createAppServer({
  ...config().server,
  apiServer: processApi(),
  // Next isn't here.
  handle: async (_request, response) => {
    response.statusCode = 404;
    response.end();
  },
});
await server.listen();
stopWithLauncher(async () => {
  setStopping();
  await server.stop();
  await stopApi();
}, FINISH_WITHIN_MS);
reportReady();
