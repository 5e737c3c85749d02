import { config } from "@/lib/config";
import { reportUncaught } from "@/lib/http/response-status";

/** Next calls this once when its server starts, and not while it builds: a wrong variable stops the start with its name. */
export function register(): void {
  config();
}

/** Next calls this for every error that a page or an action let through, before it answers with a 500. */
export function onRequestError(error: unknown): void {
  reportUncaught(error);
}
