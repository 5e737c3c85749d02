import type { Deployment } from "../deployment";
import { manageKeys } from "./act-keys";
import { makeDeposit, makeWithdrawal } from "./act-providers";
import { readBalance, readStatus, walkHistory } from "./act-reads";
import { sendList, sendTransfer } from "./act-transfers";
import { lockByForm, moveByForm } from "./act-vaults";
import type { Client } from "./client";
import type { HistoryLog } from "./history-log";
import type { People, Person } from "./people";
import type { Operation } from "./plan";

/** Where a history takes place. */
export interface Stage {
  deployment: Deployment;
  /** To the app, and to the sandbox's payment pages. */
  app: Client;
  sandbox: Client;
  people: People;
  historyLog: HistoryLog;
}

/** The person at a position. */
export function personAt({ people }: Pick<Stage, "people">, who: number): Person {
  const person = people.all[who];
  if (!person) throw new Error(`there is no person ${who}`);
  return person;
}

/** Carries one operation out, to its definitive end. */
export async function act(stage: Stage, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "transfer":
      return await sendTransfer(stage, operation);
    case "list":
      return await sendList(stage, operation);
    case "deposit":
      return await makeDeposit(stage, operation);
    case "withdrawal":
      return await makeWithdrawal(stage, operation);
    case "vault":
      return await moveByForm(stage, operation);
    case "vault_lock":
      return await lockByForm(stage, operation);
    case "key":
      return await manageKeys(stage, operation);
    case "balance":
      return await readBalance(stage, operation);
    case "walk":
      return await walkHistory(stage, operation);
    case "status":
      return await readStatus(stage, operation);
  }
}

const WORKERS = 16;

/** All of them, taken in their order by workers at once. */
export async function actAll(stage: Stage, operations: readonly Operation[]): Promise<void> {
  const left = operations.values();
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (const operation of left) await act(stage, operation);
    }),
  );
}
