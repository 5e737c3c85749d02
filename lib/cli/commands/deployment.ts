import type { Context } from "@/lib/services/context";

/** What a command works on. */
export interface Deployment {
  /** Acts as the system, in the application's database role. */
  context: Context;
  /** Where the sandbox's payment pages are; null outside of a demo. */
  sandboxOrigin: string | null;
  print(line: string): void;
}

/** A command that can't be carried out; its message is for the operator. */
export class RefusedError extends Error {
  override name = "RefusedError";
}
