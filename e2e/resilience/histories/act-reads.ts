import type { Currency } from "@/lib/money/currency";
import { personAt, type Stage } from "./act";
import { askUntilSure, type Sure } from "./call";
import { checkContested, contested, own } from "./credentials";
import type { Line } from "./history-log";

interface SaidBalance {
  wallet_number: string;
  currency: Currency;
  available_minor: number;
  balances: { currency: Currency; available_minor: number; held_minor: number }[];
}

interface SaidPage {
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

/** Writes down what the API says a wallet has; whether that can be is found out afterwards. */
export async function readBalance(
  stage: Stage,
  operation: { who: number; currency: Currency; contested: boolean },
): Promise<void> {
  const { who, currency } = operation;
  const route = "/api/wallet/balance";
  const credential = operation.contested ? contested(stage) : own(stage, who);
  const call = { method: "GET", route, path: `${route}?currency=${currency}`, ...credential } as const;
  const sure = await askUntilSure(stage.app, stage.historyLog, call);
  if (operation.contested) checkContested(stage, sure);
  noteBalance(stage, who, currency, sure);
}

/** Keeps what was told, for the comparison with what the wallet really had. */
export function noteBalance(stage: Stage, who: number, currency: Currency, sure: Sure): void {
  if (sure.kind !== "yes") return;
  const said = sure.said as SaidBalance;
  const asked = said.balances.find((each) => each.currency === currency);
  if (said.wallet_number !== personAt(stage, who).walletNumber)
    stage.historyLog.violation("a balance of another's wallet was told");
  if (said.currency !== currency || asked?.available_minor !== said.available_minor)
    stage.historyLog.violation("one answer tells two balances of one currency");
  stage.historyLog.reads.push({
    who,
    startedAt: sure.startedAt,
    endedAt: sure.endedAt,
    balances: said.balances.map((each) => ({
      currency: each.currency,
      available: BigInt(each.available_minor),
      held: BigInt(each.held_minor),
    })),
  });
}

const PAGES_MAX = 500;

/** Goes through somebody's whole history by its cursors. */
export async function walkHistory(
  stage: Stage,
  { who, limit }: { who: number; limit: number },
): Promise<void> {
  const route = "/api/wallet/transactions";
  const pages: Line[][] = [];
  let cursor: string | null = null;
  let startedAt: number | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const path: string = `${route}?limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`;
    const sure = await askUntilSure(stage.app, stage.historyLog, {
      method: "GET",
      route,
      path,
      ...own(stage, who),
    });
    if (sure.kind !== "yes") return;
    startedAt ??= sure.startedAt;
    const said = sure.said as SaidPage;
    pages.push(said.transactions.map(lineOf));
    cursor = said.next_cursor;
    if (cursor === null) {
      stage.historyLog.walks.push({ who, startedAt, endedAt: sure.endedAt, pages });
      return;
    }
  }
  stage.historyLog.violation(`a history of ${limit} a page had no end after ${PAGES_MAX} pages`);
}

function lineOf(said: SaidPage["transactions"][number]): Line {
  const { id, reference, type, status, direction, currency } = said;
  const amount = BigInt(said.amount_minor);
  return { id, reference, type, status, direction, currency, amount, fee: BigInt(said.fee_minor) };
}

/** Asks how somebody's latest deposit stands; there may be none. */
export async function readStatus(stage: Stage, { who }: { who: number }): Promise<void> {
  const deposits = [...stage.historyLog.acknowledged.values()].filter((each) => each.type === "deposit");
  const deposit = deposits.findLast((each) => each.who === who) ?? deposits.at(-1);
  if (deposit) await askStatus(stage, deposit.who, deposit.reference);
}

export async function askStatus(stage: Stage, who: number, reference: string): Promise<void> {
  const route = "/api/wallet/deposit/{reference}/status";
  const path = `/api/wallet/deposit/${reference}/status`;
  const sure = await askUntilSure(stage.app, stage.historyLog, {
    method: "GET",
    route,
    path,
    ...own(stage, who),
  });
  if (sure.kind !== "yes") return;
  const { status } = sure.said as { status: string };
  stage.historyLog.statuses.push({ reference, status, startedAt: sure.startedAt, endedAt: sure.endedAt });
}
