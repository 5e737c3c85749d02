import os from "node:os";
import { environment } from "@/lib/config";
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

const OPERATOR_LENGTH_MAX = 80;
const NOTE_LENGTH_MAX = 500;

/** Who decided and why, as audit rows keep it: `--by` or the system user, and `--note`. Cut to 80 and 500 characters. */
export function decisionOf({ by, note }: { by: string | null; note: string | null }): {
  operator: string;
  note: string;
} {
  return { operator: operatorName(by), note: (note ?? "no reason given").slice(0, NOTE_LENGTH_MAX) };
}

/** The operator's name: `given`, or the system user. */
function operatorName(given: string | null): string {
  const name = given ?? environment().SUDO_USER ?? systemName();
  return name.trim().slice(0, OPERATOR_LENGTH_MAX) || "unnamed";
}

function systemName(): string {
  try {
    return `${os.userInfo().username}@${os.hostname()}`;
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return os.hostname();
  }
}
