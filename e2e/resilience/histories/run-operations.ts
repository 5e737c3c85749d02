import type { Environment } from "./environment";
import { manageKeys } from "./key-operations";
import { makeDeposit, makeWithdrawal } from "./payment-operations";
import type { Operation } from "./plan";
import { readBalance, readStatus, readTransactions } from "./read-operations";
import { sendList, sendTransfer } from "./transfer-operations";
import { lockByForm, moveByForm } from "./vault-operations";

/** Runs one operation until its outcome is definite. */
export async function runOperation(env: Environment, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "transfer":
      return await sendTransfer(env, operation);
    case "list":
      return await sendList(env, operation);
    case "deposit":
      return await makeDeposit(env, operation);
    case "withdrawal":
      return await makeWithdrawal(env, operation);
    case "vault":
      return await moveByForm(env, operation);
    case "vault_lock":
      return await lockByForm(env, operation);
    case "key":
      return await manageKeys(env, operation);
    case "balance":
      return await readBalance(env, operation);
    case "transactions":
      return await readTransactions(env, operation);
    case "status":
      return await readStatus(env, operation);
  }
}

const WORKERS = 16;

/** Runs all operations, taken in their order by concurrent workers. */
export async function runOperations(env: Environment, operations: readonly Operation[]): Promise<void> {
  const left = operations.values();
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (const operation of left) await runOperation(env, operation);
    }),
  );
}
