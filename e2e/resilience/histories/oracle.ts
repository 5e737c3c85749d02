import type { Deployment } from "../deployment";
import type { Stage } from "./act";
import { readBalance, walkHistory } from "./act-reads";
import { checkTotals, compareBook } from "./check-book";
import { checkBalances, checkChains, checkOperations, modelBalances } from "./check-ends";
import { checkBalanceRead, checkStatuses, checkWalk, knownOf, timelineOf } from "./check-reads";
import { checkList, checkRefusal } from "./check-refusals";
import { type Facts, type KeyFact, type PostingFact, readFacts } from "./facts";
import type { Acknowledged } from "./history-log";
import type { People } from "./people";
import type { Scenes } from "./scenes";

/** How many people are asked once more by the API when all is over. */
const ASKED_AT_END = 8;
const PAGE = 30;

/** Compares everything that a settled history's callers learnt with the books; violations go into its history log. */
export async function judge(stage: Stage, scenes: Scenes, sums: Map<string, bigint>): Promise<void> {
  const { historyLog, people, deployment } = stage;
  const endedAt = Date.now();
  await askOnceMore(stage);
  const facts = await readFacts(deployment, people);
  const model = modelBalances(scenes.expected, facts, people);
  const { violations, moved } = compareBook(facts);
  for (const [account, change] of moved) sums.set(account, (sums.get(account) ?? 0n) + change);
  const all = [
    ...checkOperations(scenes, facts, people),
    ...checkBalances(model, facts.balances),
    ...checkChains(facts.postings, facts.balances),
    ...violations,
    ...checkTotals(sums, facts.totals),
    ...checkEverythingTold(stage, facts, scenes.expected, endedAt),
    ...facts.activeKeys
      .filter(({ count }) => count > 5)
      .map(({ count }) => `a person has ${count} active keys`),
  ];
  for (const violation of all) historyLog.violation(violation);
  countFaults(stage, facts);
}

async function askOnceMore(stage: Stage): Promise<void> {
  const some = Array.from({ length: Math.min(ASKED_AT_END, stage.people.all.length) }, (_, who) => who);
  await Promise.all(
    some.map(async (who) => {
      await readBalance(stage, { who, currency: "XOF", contested: false });
      await walkHistory(stage, { who, limit: PAGE });
    }),
  );
}

function checkEverythingTold(
  stage: Stage,
  facts: Facts,
  acknowledged: readonly Acknowledged[],
  overAt: number,
): string[] {
  const { historyLog, people } = stage;
  const known = knownOf(acknowledged, historyLog.statuses);
  const timelines = new Map(
    [...byAddress(facts.postings)].map(([address, postings]) => [address, timelineOf(postings)]),
  );
  const operations = new Map(facts.operations.map((operation) => [operation.reference, operation]));
  const credits = facts.postings.filter(({ step }) => step === "credit");
  const creditedAt = new Map(credits.map(({ source, recordedAt }) => [source, recordedAt]));
  const postings = new Map(facts.postings.map((each) => [`${each.address} ${each.source}`, each]));
  const idOf = (who: number): bigint => people.all[who]?.walletId ?? 0n;
  return [
    ...historyLog.reads.flatMap((read) => checkBalanceRead(read, idOf(read.who), timelines, known)),
    ...historyLog.refusals.flatMap((each) => checkRefusal(each, idOf(each.who), timelines, known)),
    ...historyLog.lists.flatMap((each) => checkList(each, idOf(each.who), postings)),
    ...historyLog.walks.flatMap((walk) => checkWalk(walk, idOf(walk.who), operations, acknowledged)),
    ...checkStatuses(historyLog.statuses, creditedAt),
    ...historyLog.walks
      .filter((walk) => walk.startedAt >= overAt)
      .flatMap((walk) => checkWhole(walk.pages.flat().length, idOf(walk.who), facts)),
  ];
}

function byAddress(postings: readonly PostingFact[]): Map<string, PostingFact[]> {
  const grouped = new Map<string, PostingFact[]>();
  for (const posting of postings) {
    const known = grouped.get(posting.address);
    if (known) known.push(posting);
    else grouped.set(posting.address, [posting]);
  }
  return grouped;
}

/** When all is over a history shows every operation of its wallet. */
function checkWhole(shown: number, walletId: bigint, { operations }: Facts): string[] {
  const id = walletId.toString();
  const whole = operations.filter(({ wallet, counterparty }) => wallet === id || counterparty === id).length;
  return shown === whole ? [] : [`the history of wallet ${id} shows ${shown} of ${whole} operations`];
}

function countFaults({ historyLog }: Stage, facts: Facts): void {
  historyLog.met("payouts refunded", facts.operations.filter(({ state }) => state === "refunded").length);
  historyLog.met("payouts reversed", facts.reversedAfterPaid);
  historyLog.met("money in suspense", facts.clearing.filter(({ step }) => step === "suspense").length);
}

/** The keys that the callers used, for {@link import("./scenes").scenesOf}. */
export async function readKeys(deployment: Deployment, people: People): Promise<KeyFact[]> {
  const ids = people.all.map(({ userId }) => userId.toString());
  return [
    ...(await deployment.owner<KeyFact[]>`
      select user_id::text as "userId", key, reference from idempotency_keys where user_id = any (${ids}::bigint[])`),
  ];
}
