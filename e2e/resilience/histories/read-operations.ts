import type { Currency } from "@/lib/money/currency";
import { callUntilDefinite, type Outcome } from "./api-call";
import { checkRevokedInUse, ownKey, revokedInUse } from "./credentials";
import { type Environment, personAt } from "./environment";
import type { Line } from "./history-log";

interface BalanceResponse {
  wallet_number: string;
  currency: Currency;
  available_minor: number;
  balances: { currency: Currency; available_minor: number; held_minor: number }[];
}

interface TransactionPage {
  transactions: {
    id: number;
    reference: string;
    type: string;
    status: string;
    direction: string;
    currency: string;
    amount_minor: number;
    fee_minor: number;
  }[];
  next_cursor: string | null;
}

/** Reads a balance into the history log; the oracle checks it afterwards. */
export async function readBalance(
  env: Environment,
  operation: { who: number; currency: Currency; revokedInUse: boolean },
): Promise<void> {
  const { who, currency } = operation;
  const route = "/api/wallet/balance";
  const credential = operation.revokedInUse ? revokedInUse(env) : ownKey(env, who);
  const call = { method: "GET", route, path: `${route}?currency=${currency}`, ...credential } as const;
  const outcome = await callUntilDefinite(env.app, env.historyLog, call);
  if (operation.revokedInUse) checkRevokedInUse(env, outcome);
  logBalance(env, who, currency, outcome);
}

export function logBalance(env: Environment, who: number, currency: Currency, outcome: Outcome): void {
  if (outcome.kind !== "ok") return;
  const response = outcome.body as BalanceResponse;
  const requested = response.balances.find((each) => each.currency === currency);
  if (response.wallet_number !== personAt(env, who).walletNumber)
    env.historyLog.violation("the balance of another wallet was returned");
  if (response.currency !== currency || requested?.available_minor !== response.available_minor)
    env.historyLog.violation("one response has two balances of one currency");
  env.historyLog.reads.push({
    who,
    startedAt: outcome.startedAt,
    endedAt: outcome.endedAt,
    balances: response.balances.map((each) => ({
      currency: each.currency,
      available: BigInt(each.available_minor),
      held: BigInt(each.held_minor),
    })),
  });
}

const PAGES_MAX = 500;

/** Reads a person's whole transaction list, page by page. */
export async function readTransactions(
  env: Environment,
  { who, limit }: { who: number; limit: number },
): Promise<void> {
  const route = "/api/wallet/transactions";
  const pages: Line[][] = [];
  let cursor: string | null = null;
  let startedAt: number | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const path: string = `${route}?limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`;
    const outcome = await callUntilDefinite(env.app, env.historyLog, {
      method: "GET",
      route,
      path,
      ...ownKey(env, who),
    });
    if (outcome.kind !== "ok") return;
    startedAt ??= outcome.startedAt;
    const response = outcome.body as TransactionPage;
    pages.push(response.transactions.map(lineOf));
    cursor = response.next_cursor;
    if (cursor === null) {
      env.historyLog.transactionLists.push({ who, startedAt, endedAt: outcome.endedAt, pages });
      return;
    }
  }
  env.historyLog.violation(
    `a transaction list with ${limit} lines a page had no end after ${PAGES_MAX} pages`,
  );
}

function lineOf(line: TransactionPage["transactions"][number]): Line {
  const { id, reference, type, status, direction, currency } = line;
  const amount = BigInt(line.amount_minor);
  return { id, reference, type, status, direction, currency, amount, fee: BigInt(line.fee_minor) };
}

/** Reads the status of a person's latest deposit, if there is one. */
export async function readStatus(env: Environment, { who }: { who: number }): Promise<void> {
  const deposits = [...env.historyLog.acknowledged.values()].filter((each) => each.type === "deposit");
  const deposit = deposits.findLast((each) => each.who === who) ?? deposits.at(-1);
  if (deposit) await readDepositStatus(env, deposit.who, deposit.reference);
}

export async function readDepositStatus(env: Environment, who: number, reference: string): Promise<void> {
  const route = "/api/wallet/deposit/{reference}/status";
  const path = `/api/wallet/deposit/${reference}/status`;
  const outcome = await callUntilDefinite(env.app, env.historyLog, {
    method: "GET",
    route,
    path,
    ...ownKey(env, who),
  });
  if (outcome.kind !== "ok") return;
  const { status } = outcome.body as { status: string };
  env.historyLog.statuses.push({ reference, status, startedAt: outcome.startedAt, endedAt: outcome.endedAt });
}
