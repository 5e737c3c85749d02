import { databaseFault } from "./transaction";

// Connection, resources, operator's intervention and internal error (PostgreSQL's appendix A).
const OUTAGE_CLASSES = /^(08|53|57P|58|XX)/;

/** True when the database is at fault and not what was sent to it. */
export function isOutage(error: unknown): boolean {
  const code = databaseFault(error)?.code;
  if (code === undefined) return false;
  // What isn't an SQLSTATE is a code of the socket or the driver: ECONNRESET, CONNECTION_CLOSED.
  return !/^[0-9A-Z]{5}$/.test(code) || code === "EPIPE" || OUTAGE_CLASSES.test(code);
}

// Codes of node:net, postgres.js and PostgreSQL for a statement that was never sent.
const NEVER_SENT = /^(ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|CONNECTION_ENDED|57P03|53300)$/;

/** True when an outage came before the statement got to the database: nothing was done. */
export function isNeverSent(error: unknown): boolean {
  return NEVER_SENT.test(databaseFault(error)?.code ?? "");
}

// lock_not_available (lock_timeout) and query_canceled (statement_timeout).
const GAVE_UP = /^(55P03|57014)$/;

/** True when a statement waited too long for a lock, and was rolled back. */
export function isLockTimeout(error: unknown): boolean {
  return GAVE_UP.test(databaseFault(error)?.code ?? "");
}
