import type { Database } from "@/db/client";
import { isStopping } from "@/lib/http/process-state";
import { isReady } from "@/lib/services/health/check-readiness";

const NO_STORE = { "cache-control": "no-store" };

type Status = "ok" | "stopping" | "unavailable";

function answer(status: Status): Response {
  return Response.json({ status }, { status: status === "ok" ? 200 : 503, headers: NO_STORE });
}

/** GET /api/health/live: 200 for as long as the process answers at all. */
export async function healthLive(): Promise<Response> {
  return answer("ok");
}

/** GET /api/health/ready: 200 while the database answers with every migration in place and the process isn't stopping. */
export function healthReady(database: () => Database): () => Promise<Response> {
  return async () => {
    if (isStopping()) return answer("stopping");
    try {
      return answer((await isReady(database())) ? "ok" : "unavailable");
    } catch {
      // Without configuration there is no database to ask.
      return answer("unavailable");
    }
  };
}
