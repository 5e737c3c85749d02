import { config } from "@/lib/config";
import { reportUncaught } from "@/lib/http/response-status";

/**
 * Next calls this once when its server starts, and not while it builds. A wrong variable ends the process with its
 * name: Next alone would go on and answer each request with an error.
 */
export function register(): void {
  try {
    config();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : "The configuration is wrong."}\n`);
    process.exit(1);
  }
}

/** Next calls this for every error that a page or an action let through, before it answers with a 500. */
export function onRequestError(error: unknown): void {
  reportUncaught(error);
}
