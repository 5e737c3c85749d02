import { config } from "@/lib/config";

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
