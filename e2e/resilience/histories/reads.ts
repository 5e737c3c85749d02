import type { ApiCall } from "@/lib/api/define-call";
import { getBalance } from "@/lib/api/wallet/get-balance";
import { getDepositStatus } from "@/lib/api/wallet/get-deposit-status";
import { listTransactions } from "@/lib/api/wallet/list-transactions";
import type { Currency } from "@/lib/money/currency";
import type { Definite } from "../crashes/client";
import { type Environment, personAt } from "./environment";
import type { Balance, Line } from "./history-log";
import { isSuccess } from "./send";

const PAGES_MAX = 500;

function read(env: Environment, who: number, definition: ApiCall, path: string): Promise<Definite> {
  return env.client.call({ method: "GET", definition, path, credential: personAt(env, who).apiKey });
}

/** Reads a balance into the history log; the oracle checks it afterwards. */
export async function readBalance(env: Environment, who: number, currency: Currency): Promise<void> {
  const { historyLog } = env;
  const outcome = await read(env, who, getBalance, `${getBalance.path}?currency=${currency}`);
  if (!isSuccess(outcome)) return;
  const { startedAt, endedAt, body } = outcome;
  const { balances, ...response } = body as unknown as Balance & {
    wallet_number: string;
    balances: Balance[];
  };
  const requested = balances.find((each) => each.currency === currency);
  if (response.wallet_number !== personAt(env, who).walletNumber)
    historyLog.violation("the balance of another wallet was returned");
  if (response.currency !== currency || requested?.available_minor !== response.available_minor)
    historyLog.violation("one response has two balances of one currency");
  historyLog.balanceReads.push({ who, startedAt, endedAt, balances });
}

/** Reads a person's whole transaction list, page by page. */
export async function readTransactions(env: Environment, who: number, limit: number): Promise<void> {
  const pages: Line[][] = [];
  const startedAt = Date.now();
  let query = `limit=${limit}`;
  while (pages.length < PAGES_MAX) {
    const outcome = await read(env, who, listTransactions, `${listTransactions.path}?${query}`);
    if (!isSuccess(outcome)) return;
    const page = outcome.body as unknown as { transactions: Line[]; next_cursor: string | null };
    pages.push(page.transactions);
    query = `limit=${limit}&cursor=${page.next_cursor}`;
    if (page.next_cursor !== null) continue;
    env.historyLog.transactionLists.push({ who, startedAt, endedAt: outcome.endedAt, pages });
    return;
  }
  env.historyLog.violation(`a transaction list had no end after ${PAGES_MAX} pages of ${limit} lines`);
}

/** Reads the status of a person's latest deposit, or of anybody's. */
export async function readLatestStatus(env: Environment, who: number): Promise<void> {
  const { deposits } = env.historyLog;
  const deposit = deposits.findLast((each) => each.who === who) ?? deposits.at(-1);
  if (deposit) await readStatus(env, deposit.who, deposit.reference);
}

export async function readStatus(env: Environment, who: number, reference: string): Promise<void> {
  const path = getDepositStatus.path.replace("{reference}", reference);
  const outcome = await read(env, who, getDepositStatus, path);
  if (!isSuccess(outcome)) return;
  const { startedAt, endedAt, body } = outcome;
  env.historyLog.statuses.push({ reference, status: String(body.status), startedAt, endedAt });
}
