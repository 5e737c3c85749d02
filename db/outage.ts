import { databaseFault } from "./transaction";

export { isOutage } from "./group-calls";

// Codes of node:net, postgres.js and PostgreSQL for a statement that was never sent.
const NEVER_SENT = /^(ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|CONNECTION_ENDED|57P03|53300)$/;

/** True when an outage came before the statement got to the database: nothing was done. */
export function isNeverSent(error: unknown): boolean {
  return NEVER_SENT.test(databaseFault(error)?.code ?? "");
}
