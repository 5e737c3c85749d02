import os from "node:os";
import { environment } from "@/lib/config";

/** The operator's name: `--by`, or the system user. At most 80 characters. */
export function operatorName(given: string | null): string {
  const name = given ?? environment().SUDO_USER ?? systemName();
  return name.trim().slice(0, 80) || "unnamed";
}

function systemName(): string {
  try {
    return `${os.userInfo().username}@${os.hostname()}`;
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return os.hostname();
  }
}
