import { checkRequested } from "../crashes/oracle";
import { checkBook } from "./check-book";
import {
  checkBalanceRead,
  checkRefusal,
  checkStatuses,
  checkTransactionList,
  knownSince,
} from "./check-reads";
import { type Environment, personAt, walletIds } from "./environment";
import { readOperations, readPostings } from "./observed-state";
import { readBalance, readTransactions } from "./reads";
import { readAtProvider } from "./settle";
import { Timelines } from "./timelines";

/** How many people's balances and transaction lists are read at the end. */
const FINAL_READS = 8;
const PAGE = 30;

/** Compares everything that the clients of a settled history learnt with the database, the provider's book and the audit. */
export async function checkHistory(env: Environment): Promise<string[]> {
  const { historyLog, people, deployment } = env;
  const endedAt = Date.now();
  for (const who of [...people.all.keys()].slice(0, FINAL_READS)) {
    await readBalance(env, who, "XOF");
    await readTransactions(env, who, PAGE);
  }
  return [
    ...(await checkRequested(deployment.owner, people.all, historyLog.expected)),
    ...(await readAtProvider(env)).flatMap(({ entry, ...operation }) => checkBook(operation, entry)),
    ...(await checkResponses(env, endedAt)),
    ...(await deployment.audit()).map((breach) => `audit: ${breach}`),
    ...historyLog.violations,
  ];
}

/** Checks every response of the API against the ledger's past. */
async function checkResponses(env: Environment, endedAt: number): Promise<string[]> {
  const { balanceReads, refusals, transactionLists, statuses, acknowledgedAt } = env.historyLog;
  const operations = await readOperations(env.sql, walletIds(env));
  const postings = await readPostings(env.sql, walletIds(env));
  const timelines = new Timelines(postings, knownSince(operations, acknowledgedAt, statuses));
  const credits = postings.filter(({ step }) => step === "credit");
  const creditedAt = new Map(credits.map(({ source, recordedAt }) => [source, recordedAt]));
  const stored = new Map(operations.map((operation) => [operation.reference, operation]));
  // A list that is read after the end shows everything.
  const ackAt = (reference: string) => Math.min(acknowledgedAt.get(reference) ?? endedAt, endedAt - 1);
  const walletOf = ({ who }: { who: number }) => personAt(env, who).walletId;
  return [
    ...balanceReads.flatMap((read) => checkBalanceRead(read, walletOf(read), timelines)),
    ...refusals.flatMap((refusal) => checkRefusal(refusal, walletOf(refusal), timelines)),
    ...transactionLists.flatMap((list) => checkTransactionList(list, walletOf(list), stored, ackAt)),
    ...checkStatuses(statuses, creditedAt),
  ];
}
