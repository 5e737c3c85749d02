import { chart } from "@/lib/ledger/chart";
import { findEntry } from "../crashes/oracle";
import { checkOperations, checkProviderBook } from "./check-operations";
import {
  checkBalanceRead,
  checkList,
  checkRefusal,
  checkStatuses,
  checkTransactionList,
  knownSince,
} from "./check-reads";
import { type Environment, personAt, walletIds } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import { type ObservedState, readObservedState } from "./observed-state";
import { readBalance, readTransactions } from "./reads";
import { Timelines } from "./timelines";

/** How many people's balances and transaction lists are read at the end. */
const FINAL_READS = 8;
const PAGE = 30;

/** Compares everything that the clients of a settled history learnt with the observed state, which it returns. */
export async function checkHistory(env: Environment, expected: ExpectedOperations): Promise<ObservedState> {
  const { historyLog, people, deployment } = env;
  const endedAt = Date.now();
  await readOnceMore(env);
  const observed = await readObservedState(env.sql, walletIds(env));
  historyLog.violations.push(
    ...checkOperations(expected, observed.operations, people),
    ...checkProviderBook(expected, observed, (operation) => findEntry(deployment.sandbox.book, operation)),
    ...checkResponses(env, observed, expected, endedAt),
    ...(await deployment.audit()).map((breach) => `audit: ${breach}`),
  );
  return observed;
}

async function readOnceMore(env: Environment): Promise<void> {
  const readers = [...env.people.all.keys()].slice(0, FINAL_READS);
  await Promise.all(
    readers.flatMap((who) => [readBalance(env, who, "XOF"), readTransactions(env, who, PAGE)]),
  );
}

/** Checks every response of the API against the ledger's past. */
function checkResponses(
  env: Environment,
  { operations, postings }: ObservedState,
  { byReference }: ExpectedOperations,
  endedAt: number,
): string[] {
  const { historyLog } = env;
  const { balanceReads, refusals, lists, transactionLists, statuses } = historyLog;
  const timelines = new Timelines(postings, knownSince(byReference.values(), statuses));
  const credits = postings.filter(({ step }) => step === "credit");
  const creditedAt = new Map(credits.map(({ source, recordedAt }) => [source, recordedAt]));
  const postingsOf = new Map(postings.map((posting) => [`${posting.address} ${posting.source}`, posting]));
  const stored = new Map(operations.map((operation) => [operation.reference, operation]));
  // A list that is read after the end shows everything.
  const ackAt = (reference: string) => Math.min(byReference.get(reference)?.ackAt ?? endedAt, endedAt - 1);
  const walletOf = ({ who }: { who: number }) => personAt(env, who).walletId;
  return [
    ...balanceReads.flatMap((read) => checkBalanceRead(read, walletOf(read), timelines)),
    ...refusals.flatMap((refusal) => checkRefusal(refusal, walletOf(refusal), timelines)),
    ...lists.flatMap((list) => {
      const { address } = chart.available(walletOf(list), list.currency);
      return checkList(list, (reference) => postingsOf.get(`${address} ${reference}`));
    }),
    ...transactionLists.flatMap((list) => checkTransactionList(list, walletOf(list), stored, ackAt)),
    ...checkStatuses(statuses, creditedAt),
  ];
}
