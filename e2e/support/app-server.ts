import { type AppServer, type AppServerOptions, createAppServer } from "@/lib/server/app-server";

let server: AppServer | undefined;

/** Starts the HTTP server in front of Next, with a handler in Next's place. Returns its address. */
export async function serve(options: Partial<AppServerOptions>): Promise<string> {
  server = createAppServer({
    host: "127.0.0.1",
    port: 0,
    isHttps: false,
    trustedProxies: 0,
    postsPerMinute: 1_000,
    lingerMs: 0,
    handle: async (_request, response) => {
      response.end("next");
    },
    ...options,
  });
  await server.listen();
  return `http://127.0.0.1:${server.port()}`;
}

/** For `afterEach`. */
export async function stopServer(): Promise<void> {
  await server?.stop();
  server = undefined;
}
