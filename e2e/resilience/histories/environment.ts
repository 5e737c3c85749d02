import type { Deployment } from "../deployment";
import type { HistoryLog } from "./history-log";
import type { HttpClient } from "./http-client";
import type { People, Person } from "./people";

/** What the operations of one history run against. */
export interface Environment {
  deployment: Deployment;
  /** Connections to the app. */
  app: HttpClient;
  /** Connections to the sandbox, for its payment pages and its control routes. */
  sandbox: HttpClient;
  people: People;
  historyLog: HistoryLog;
}

/** The person at a position. */
export function personAt({ people }: Pick<Environment, "people">, who: number): Person {
  const person = people.all[who];
  if (!person) throw new Error(`there is no person ${who}`);
  return person;
}
