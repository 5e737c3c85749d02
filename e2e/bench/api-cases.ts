import type { Database } from "@/db/client";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { createGroupedPoster } from "@/lib/ledger/group-posts";
import { type ApiRequest, type ApiResult, runRequests } from "./api-load";
import type { ApiPeople } from "./api-people";
import { transferBetween } from "./product";
import { runCallers } from "./run-callers";

const CONNECTIONS = 32;
const LIST_CONNECTIONS = 4;
const LIST = 500;
const AMOUNT_MINOR = 100;

/** One thing that is measured, and its aim. */
export interface ApiCase {
  title: string;
  /** At least this share of the posting function's rate in the same round, or this rate. */
  aim: { timesPosting: number } | { perSecond: number } | null;
  /** True where each call makes transfers, which are counted in the database afterwards. */
  isTransfer: boolean;
  run(durationMs: number, signal: AbortSignal): Promise<ApiResult>;
}

/** The posting function first: the others are compared with it. */
export function apiCases(url: string, db: Database, people: ApiPeople): [ApiCase, ...ApiCase[]] {
  const load = (connections: number, durationMs: number, signal: AbortSignal) => ({
    url,
    connections,
    durationMs,
    signal,
  });
  const single = (title: string, isKeyed: boolean): ApiCase => ({
    title,
    aim: { timesPosting: 0.5 },
    isTransfer: true,
    run: (durationMs, signal) =>
      runRequests(load(CONNECTIONS, durationMs, signal), () => singleTransfer(people, isKeyed)),
  });
  return [
    postingCase(db, people),
    {
      title: "bare JSON route, 32 connections",
      aim: null,
      isTransfer: false,
      run: (durationMs, signal) =>
        runRequests(load(CONNECTIONS, durationMs, signal), () => ({
          method: "GET",
          path: "/api/health/live",
          headers: {},
        })),
    },
    single("transfers one by one, 32 connections", false),
    single("the same with idempotency keys", true),
    {
      title: "transfers in lists of 500, 4 connections",
      aim: { perSecond: 10_000 },
      isTransfer: true,
      run: (durationMs, signal) =>
        runRequests(load(LIST_CONNECTIONS, durationMs, signal), () => listOfTransfers(people), sentOf),
    },
  ];
}

/** Not counted as transfers: its journal entries have no operation. */
function postingCase(db: Database, { accounts }: ApiPeople): ApiCase {
  const poster = createGroupedPoster(db);
  return {
    title: "posting function from Node, 32 callers",
    aim: null,
    isTransfer: false,
    run: async (durationMs, signal) => {
      const result = await runCallers({ callers: CONNECTIONS, durationMs, signal }, async () => {
        const { verdict } = await poster.post(transferBetween(accounts, "uniform", "bench"));
        return verdict === "posted" ? 1 : 0;
      });
      const { count, perSecond } = result;
      return { count, perSecond, medianMs: Number.NaN, slowestHundredthMs: Number.NaN };
    },
  };
}

function anyOf<T>(list: readonly T[], from = 0): T {
  const one = list[from + Math.floor(Math.random() * (list.length - from))];
  invariant(one !== undefined, "there is somebody to choose");
  return one;
}

/** The first wallets belong to senders; a recipient is one of the others. */
function recipient({ walletNumbers, apiKeys }: ApiPeople): string {
  return anyOf(walletNumbers, apiKeys.length);
}

function post(people: ApiPeople, path: string, body: unknown, isKeyed: boolean): ApiRequest {
  const key: Record<string, string> = isKeyed ? { "idempotency-key": newKey() } : {};
  const headers = { "x-api-key": anyOf(people.apiKeys), "content-type": "application/json", ...key };
  return { method: "POST", path, headers, body: JSON.stringify(body) };
}

function singleTransfer(people: ApiPeople, isKeyed: boolean): ApiRequest {
  const body = { wallet_number: recipient(people), amount: AMOUNT_MINOR, currency: "XOF" };
  return post(people, "/api/wallet/transfer", body, isKeyed);
}

function listOfTransfers(people: ApiPeople): ApiRequest {
  const transfers = Array.from({ length: LIST }, () => ({
    wallet_number: recipient(people),
    amount: AMOUNT_MINOR,
    currency: "XOF",
  }));
  return post(people, "/api/wallet/transfers", { transfers }, true);
}

function sentOf(body: string): number {
  const { sent } = JSON.parse(body) as { sent: number };
  return sent;
}
