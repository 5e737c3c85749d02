import type { Deployment } from "../deployment";
import { checkBalances, checkChains, checkOperations, modelBalances } from "./check-operations";
import { checkTotals, compareProviderBook } from "./check-provider-book";
import { checkBalanceRead, checkStatuses, checkTransactionList, knownOf, timelineOf } from "./check-reads";
import { checkList, checkRefusal } from "./check-refusals";
import type { Environment } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import type { Acknowledged } from "./history-log";
import {
  type IdempotencyKeyRow,
  type ObservedPosting,
  type ObservedState,
  readObservedState,
} from "./observed-state";
import type { People } from "./people";
import { readBalance, readTransactions } from "./read-operations";

/** How many people's balances and transaction lists are read at the end. */
const FINAL_READS = 8;
const PAGE = 30;

/** Compares everything that the clients of a settled history learnt with the observed state. Violations go into its log. */
export async function checkHistory(
  env: Environment,
  expected: ExpectedOperations,
  clearingSums: Map<string, bigint>,
): Promise<void> {
  const { historyLog, people, deployment } = env;
  const endedAt = Date.now();
  await readOnceMore(env);
  const observed = await readObservedState(deployment, people);
  const model = modelBalances(expected.all, observed, people);
  const { violations, moved } = compareProviderBook(observed);
  for (const [account, change] of moved)
    clearingSums.set(account, (clearingSums.get(account) ?? 0n) + change);
  const all = [
    ...checkOperations(expected, observed, people),
    ...checkBalances(model, observed.balances),
    ...checkChains(observed.postings, observed.balances),
    ...violations,
    ...checkTotals(clearingSums, observed.totals),
    ...checkHistoryLog(env, observed, expected.all, endedAt),
    ...observed.activeKeys
      .filter(({ count }) => count > 5)
      .map(({ count }) => `a person has ${count} active keys`),
  ];
  for (const violation of all) historyLog.violation(violation);
  countFaults(env, observed);
}

async function readOnceMore(env: Environment): Promise<void> {
  const readers = Array.from({ length: Math.min(FINAL_READS, env.people.all.length) }, (_, who) => who);
  await Promise.all(
    readers.map(async (who) => {
      await readBalance(env, { who, currency: "XOF", revokedInUse: false });
      await readTransactions(env, { who, limit: PAGE });
    }),
  );
}

function checkHistoryLog(
  env: Environment,
  observed: ObservedState,
  acknowledged: readonly Acknowledged[],
  endedAt: number,
): string[] {
  const { historyLog, people } = env;
  const known = knownOf(acknowledged, historyLog.statuses);
  const timelines = new Map(
    [...byAddress(observed.postings)].map(([address, postings]) => [address, timelineOf(postings)]),
  );
  const operations = new Map(observed.operations.map((operation) => [operation.reference, operation]));
  const credits = observed.postings.filter(({ step }) => step === "credit");
  const creditedAt = new Map(credits.map(({ source, recordedAt }) => [source, recordedAt]));
  const postings = new Map(observed.postings.map((each) => [`${each.address} ${each.source}`, each]));
  const idOf = (who: number): bigint => people.all[who]?.walletId ?? 0n;
  return [
    ...historyLog.reads.flatMap((read) => checkBalanceRead(read, idOf(read.who), timelines, known)),
    ...historyLog.refusals.flatMap((each) => checkRefusal(each, idOf(each.who), timelines, known)),
    ...historyLog.lists.flatMap((each) => checkList(each, idOf(each.who), postings)),
    ...historyLog.transactionLists.flatMap((transactionList) =>
      checkTransactionList(transactionList, idOf(transactionList.who), operations, acknowledged),
    ),
    ...checkStatuses(historyLog.statuses, creditedAt),
    ...historyLog.transactionLists
      .filter((transactionList) => transactionList.startedAt >= endedAt)
      .flatMap((transactionList) =>
        checkComplete(transactionList.pages.flat().length, idOf(transactionList.who), observed),
      ),
  ];
}

function byAddress(postings: readonly ObservedPosting[]): Map<string, ObservedPosting[]> {
  const grouped = new Map<string, ObservedPosting[]>();
  for (const posting of postings) {
    const known = grouped.get(posting.address);
    if (known) known.push(posting);
    else grouped.set(posting.address, [posting]);
  }
  return grouped;
}

/** Checks that a final transaction list shows every operation of its wallet. */
function checkComplete(shown: number, walletId: bigint, { operations }: ObservedState): string[] {
  const id = walletId.toString();
  const total = operations.filter(({ wallet, counterparty }) => wallet === id || counterparty === id).length;
  return shown === total
    ? []
    : [`the transaction list of wallet ${id} shows ${shown} of ${total} operations`];
}

function countFaults({ historyLog }: Environment, observed: ObservedState): void {
  historyLog.countFault(
    "payouts refunded",
    observed.operations.filter(({ state }) => state === "refunded").length,
  );
  historyLog.countFault("payouts reversed", observed.reversedAfterPaid);
  historyLog.countFault(
    "money in suspense",
    observed.clearing.filter(({ step }) => step === "suspense").length,
  );
}

/** The idempotency keys of these people. */
export async function readKeys(deployment: Deployment, people: People): Promise<IdempotencyKeyRow[]> {
  const ids = people.all.map(({ userId }) => userId.toString());
  return [
    ...(await deployment.owner<IdempotencyKeyRow[]>`
      select user_id::text as "userId", key, reference from idempotency_keys where user_id = any (${ids}::bigint[])`),
  ];
}
