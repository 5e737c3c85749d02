import type { ApiCall } from "@/lib/api/define-call";
import { getBalance } from "@/lib/api/wallet/get-balance";
import { getDepositStatus } from "@/lib/api/wallet/get-deposit-status";
import { listTransactions } from "@/lib/api/wallet/list-transactions";
import type { Currency } from "@/lib/money/currency";
import { type ApiRequest, apiCall, callUntilDefinite } from "./call";
import { type Environment, ownKey, personAt, revokedKey } from "./environment";
import type { Balance, Line, Outcome } from "./history-log";

const PAGES_MAX = 500;

async function read(
  env: Environment,
  who: number,
  definition: ApiCall,
  more: Partial<ApiRequest>,
): Promise<Outcome> {
  const call = apiCall(env.deployment.url, { definition, as: ownKey(env, who), ...more });
  return await callUntilDefinite(env.historyLog, call);
}

interface BalanceOperation {
  who: number;
  currency: Currency;
  usesRevokedKey: boolean;
}

/** Reads a balance into the history log; the oracle checks it afterwards. */
export async function readBalance(env: Environment, operation: BalanceOperation): Promise<void> {
  const { who, currency, usesRevokedKey } = operation;
  const path = `${getBalance.path}?currency=${currency}`;
  const credential = usesRevokedKey ? { as: revokedKey(env), refusals: ["unauthenticated"] } : {};
  const outcome = await read(env, who, getBalance, { path, ...credential });
  if (usesRevokedKey) env.historyLog.checkRevokedKey(outcome);
  logBalance(env, who, currency, outcome);
}

export function logBalance(env: Environment, who: number, currency: Currency, outcome: Outcome): void {
  if (outcome.kind !== "ok") return;
  const { balances, ...response } = outcome.body as Balance & { wallet_number: string; balances: Balance[] };
  const requested = balances.find((each) => each.currency === currency);
  if (response.wallet_number !== personAt(env, who).walletNumber)
    env.historyLog.violation("the balance of another wallet was returned");
  if (response.currency !== currency || requested?.available_minor !== response.available_minor)
    env.historyLog.violation("one response has two balances of one currency");
  const { startedAt, endedAt } = outcome;
  env.historyLog.balanceReads.push({ who, startedAt, endedAt, balances });
}

/** Reads a person's whole transaction list, page by page. */
export async function readTransactions(env: Environment, who: number, limit: number): Promise<void> {
  const { historyLog } = env;
  const pages: Line[][] = [];
  let startedAt: number | null = null;
  let query = `limit=${limit}`;
  while (pages.length < PAGES_MAX) {
    const outcome = await read(env, who, listTransactions, { path: `${listTransactions.path}?${query}` });
    if (outcome.kind !== "ok") return;
    startedAt ??= outcome.startedAt;
    const page = outcome.body as { transactions: Line[]; next_cursor: string | null };
    pages.push(page.transactions);
    query = `limit=${limit}&cursor=${page.next_cursor}`;
    if (page.next_cursor !== null) continue;
    historyLog.transactionLists.push({ who, startedAt, endedAt: outcome.endedAt, pages });
    return;
  }
  historyLog.violation(`a transaction list had no end after ${PAGES_MAX} pages of ${limit} lines`);
}

/** Reads the status of a person's latest deposit, or of anybody's. */
export async function readLatestStatus(env: Environment, who: number): Promise<void> {
  const deposits = [...env.historyLog.acknowledged.values()].filter(({ type }) => type === "deposit");
  const deposit = deposits.findLast((each) => each.who === who) ?? deposits.at(-1);
  if (deposit) await readStatus(env, deposit.who, deposit.reference);
}

export async function readStatus(env: Environment, who: number, reference: string): Promise<void> {
  const path = getDepositStatus.path.replace("{reference}", reference);
  const outcome = await read(env, who, getDepositStatus, { path });
  if (outcome.kind !== "ok") return;
  const { startedAt, endedAt, body } = outcome;
  const { status } = body as { status: string };
  env.historyLog.statuses.push({ reference, status, startedAt, endedAt });
}
