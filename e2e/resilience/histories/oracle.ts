import { chart } from "@/lib/ledger/chart";
import { checkRequested } from "../crashes/oracle";
import { checkBook } from "./check-book";
import {
  checkBalanceRead,
  checkList,
  checkRefusal,
  checkStatuses,
  checkTransactionList,
  knownSince,
} from "./check-reads";
import { type Environment, personAt, walletIds } from "./environment";
import { type ObservedState, readObservedState } from "./observed-state";
import { readBalance, readTransactions } from "./reads";
import { readAtProvider } from "./settle";
import { Timelines } from "./timelines";

/** How many people's balances and transaction lists are read at the end. */
const FINAL_READS = 8;
const PAGE = 30;

/** Compares everything that the clients of a settled history learnt with the observed state, which it returns. */
export async function checkHistory(env: Environment): Promise<ObservedState> {
  const { historyLog, people, deployment, sql } = env;
  const endedAt = Date.now();
  for (const who of [...people.all.keys()].slice(0, FINAL_READS)) {
    await readBalance(env, who, "XOF");
    await readTransactions(env, who, PAGE);
  }
  const observed = await readObservedState(sql, walletIds(env));
  const atProvider = await readAtProvider(env);
  historyLog.violations.push(
    ...(await checkRequested(deployment.owner, people.all, historyLog.expected)),
    ...atProvider.flatMap(({ entry, ...operation }) =>
      checkBook(operation, entry, observed.needsReview.has(operation.reference)),
    ),
    ...checkResponses(env, observed, endedAt),
    ...(await deployment.audit()).map((breach) => `audit: ${breach}`),
  );
  return observed;
}

/** Checks every response of the API against the ledger's past. */
function checkResponses(
  env: Environment,
  { operations, postings }: ObservedState,
  endedAt: number,
): string[] {
  const { balanceReads, refusals, lists, transactionLists, statuses, acknowledgedAt } = env.historyLog;
  const timelines = new Timelines(postings, knownSince(operations, acknowledgedAt, statuses));
  const credits = postings.filter(({ step }) => step === "credit");
  const creditedAt = new Map(credits.map(({ source, recordedAt }) => [source, recordedAt]));
  const postingsOf = new Map(postings.map((posting) => [`${posting.address} ${posting.source}`, posting]));
  const stored = new Map(operations.map((operation) => [operation.reference, operation]));
  // A list that is read after the end shows everything.
  const ackAt = (reference: string) => Math.min(acknowledgedAt.get(reference) ?? endedAt, endedAt - 1);
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
