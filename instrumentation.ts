import { config } from "@/lib/config";

/** Next calls this once when its server starts, and not while it builds: a wrong variable stops the start with its name. */
export function register(): void {
  config();
}
