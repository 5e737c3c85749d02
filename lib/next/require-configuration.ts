import { config } from "@/lib/config";

/** Ends the process with the name of each wrong variable: Next alone would go on and answer every request with an error. */
export function requireConfiguration(): void {
  try {
    config();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : "The configuration is wrong."}\n`);
    process.exit(1);
  }
}
