// The app's server with the fast lane and nothing behind it: `npm run bench` measures it from another process.
import { assembledApi } from "@/lib/api/assemble";
import { createAppServer } from "../app-server";
import { appSettings } from "../server.env";
import { reportReady, stopWithLauncher } from "../stop-request";

const STOP_WITHIN_MS = 5_000;

const server = createAppServer({
  ...appSettings(),
  fastLane: assembledApi(),
  // Next isn't here.
  handle: async (_request, response) => {
    response.statusCode = 404;
    response.end();
  },
});
await server.listen();
stopWithLauncher(() => server.stop(), STOP_WITHIN_MS);
reportReady();
