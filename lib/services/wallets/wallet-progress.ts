import { setTimeout as sleep } from "node:timers/promises";
import { type Database, poolOf } from "@/db/client";
import { chart } from "@/lib/ledger/chart";
import { sumVersions } from "@/lib/ledger/versions";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { processWide } from "@/lib/process-wide";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "./get-wallet";

/** How long readers wait for each other, so that the database is asked once for all of them. */
const GATHER_MS = 1_000;

/**
 * Text that changes whenever money comes into the signed-in person's wallet, leaves it or is held in it. Read it before the balances
 * that a page shows with it. Throws `unauthenticated`.
 */
export async function getWalletProgress(context: Context): Promise<string> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const [sum = 0n] = await sumVersions(context.db, [accountsOf(wallet.id)]);
  return sum.toString();
}

/**
 * As {@link getWalletProgress}, for streams that ask again and again: all that ask within a second are answered by one query, so the
 * database sees one a second from this process, however many pages are open. Throws `unauthenticated`.
 */
export async function watchWalletProgress(context: Context): Promise<() => Promise<string>> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const pool = poolOf(context.db);
  return async () => (await gathered(pool, wallet.id)).toString();
}

const accountsOf = (walletId: bigint) =>
  CURRENCY_CODES.flatMap((currency) => [chart.available(walletId, currency), chart.held(walletId, currency)]);

interface Round {
  walletIds: Set<bigint>;
  sums: Promise<ReadonlyMap<bigint, bigint>>;
}

const rounds = () => processWide("wallet-progress", () => new WeakMap<Database, Round>());

/** Joins the round that gathers readers, or begins one. */
async function gathered(db: Database, walletId: bigint): Promise<bigint> {
  const open = rounds();
  const known = open.get(db);
  const round = known ?? { walletIds: new Set<bigint>(), sums: Promise.resolve(new Map()) };
  round.walletIds.add(walletId);
  if (!known) {
    open.set(db, round);
    round.sums = readRound(db, round);
  }
  return (await round.sums).get(walletId) ?? 0n;
}

async function readRound(db: Database, round: Round): Promise<ReadonlyMap<bigint, bigint>> {
  await sleep(GATHER_MS);
  rounds().delete(db);
  const walletIds = [...round.walletIds];
  const sums = await sumVersions(db, walletIds.map(accountsOf));
  return new Map(walletIds.map((walletId, index) => [walletId, sums[index] ?? 0n]));
}
