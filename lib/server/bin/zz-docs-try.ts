import { createApi } from "@/lib/api/route-table";
import { testDependencies } from "@/lib/api/test-dependencies";
import { createAppServer } from "../app-server";

const port = 3340;
const server = createAppServer({
  host: "127.0.0.1",
  port,
  isHttps: false,
  trustedProxies: 0,
  handle: async (_q, r) => {
    r.statusCode = 404;
    r.end();
  },
  fastLane: createApi({
    ...testDependencies(() => {
      throw new Error("x");
    }),
    baseUrl: "http://localhost:3340",
  }),
});
await server.listen();
console.log("up");
