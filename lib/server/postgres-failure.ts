import { StartError } from "@/lib/start-error";
import { PortBusyError } from "./ports";

/** What PostgreSQL's own words mean, as one sentence. */
export function explain(output: string, port?: number): StartError {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(output)?.[1];
  if (library !== undefined) {
    return new StartError(
      `PostgreSQL needs the system library ${library}, which this machine lacks: install it, or set DATABASE_URL to another PostgreSQL.`,
    );
  }
  if (/address already in use/i.test(output) && port !== undefined) return new PortBusyError(port);
  if (/recovery ended before configured recovery target/i.test(output)) {
    return new StartError(
      "The archived log ends before that moment: restore to an earlier one, or to its end.",
    );
  }
  if (/no space left/i.test(output)) return new StartError("PostgreSQL did not start: the disk is full.");
  if (/ENOENT/.test(output)) {
    return new StartError(
      "The bundled PostgreSQL can't run here (it needs glibc, as on Debian): set DATABASE_URL to a PostgreSQL server.",
    );
  }
  return new StartError(`PostgreSQL did not start: ${lastLines(output)}`);
}

/** The end of a log, for an error that people read. */
export function lastLines(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}
