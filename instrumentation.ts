import { reportUncaught } from "@/lib/http/response-status";

/** Next calls this once when its server starts, and not while it builds. A wrong variable ends the process. */
export async function register(): Promise<void> {
  // Next compiles this file for the edge runtime too, where a process can't be ended.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { requireConfiguration } = await import("@/lib/next/require-configuration");
  requireConfiguration();
}

/** Next calls this for every error that a page or an action let through, before it answers with a 500. */
export function onRequestError(error: unknown): void {
  reportUncaught(error);
}
