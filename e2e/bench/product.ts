import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import type { EntryDraft } from "@/lib/ledger/draft";
import { createGroupedPoster } from "@/lib/ledger/group-posts";
import { postEntries, postEntriesAtOnce, postEntry } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import type { Load } from "./run-callers";

const FUNDING_LIST = 500;
const FUNDS_MINOR = 1_000_000_000n;
const AMOUNT = money(100n, "XOF");

/** A way of posting: `call` answers how many entries it posted. */
export interface PostingCase {
  title: string;
  callers: number;
  /** Connections of the limit that it is compared with. */
  limitClients: number;
  /** The least ratio to the limit that is acceptable; null for none. */
  aim: number | null;
  call(load: Load): Promise<number>;
}

/** Opens and funds the wallets, and a merchant whose account is the newest. */
export async function createWallets(db: Database, count: number): Promise<LedgerAccount[]> {
  const source = chart.clearing("bench", "XOF");
  const wallets = Array.from({ length: count + 1 }, (_, index) => chart.available(BigInt(index + 1), "XOF"));
  await inTransaction(db, (tx) => openAccounts(tx, [source]));
  for (let start = 0; start < wallets.length; start += FUNDING_LIST) {
    const some = wallets.slice(start, start + FUNDING_LIST);
    await inTransaction(db, (tx) => openAccounts(tx, some));
    const drafts = some.map((to) => draftOf(source, to, FUNDS_MINOR, "fund"));
    const verdicts = await inTransaction(db, (tx) => postEntries(tx, drafts));
    invariant(
      verdicts.every(({ verdict }) => verdict === "posted"),
      "every wallet is funded",
    );
  }
  return wallets;
}

function draftOf(from: LedgerAccount, to: LedgerAccount, amountMinor: bigint, step: string): EntryDraft {
  // As random as the limit's sources: the cost of a unique index depends on it.
  const source = `TXN-${Math.floor(Math.random() * 2 ** 53)}${from.address.length}`;
  return {
    source,
    step,
    occurredAt: new Date(),
    postings: [{ from, to, amount: money(amountMinor, "XOF") }],
  };
}

/** From a random wallet to another one, or to the merchant. */
export function transferBetween(
  wallets: readonly LedgerAccount[],
  load: Load,
  step = "transfer",
): EntryDraft {
  const random = (below: number) => Math.floor(Math.random() * below);
  const people = wallets.length - 1;
  const payer = random(people);
  const payee = load === "hot" ? people : (payer + 1 + random(people - 1)) % people;
  const from = wallets[payer];
  const to = wallets[payee];
  invariant(from !== undefined && to !== undefined, "a transfer has two wallets");
  return draftOf(from, to, AMOUNT.amountMinor, step);
}

/** The ways of posting that are measured, through the project's own functions. */
export function postingCases(db: Database, wallets: readonly LedgerAccount[]): PostingCase[] {
  const poster = createGroupedPoster(db);
  const one = async (load: Load): Promise<number> => {
    const isPosted = await inTransaction(db, (tx) => postEntry(tx, transferBetween(wallets, load)));
    return isPosted ? 1 : 0;
  };
  const grouped = async (load: Load): Promise<number> => {
    const { verdict } = await poster.post(transferBetween(wallets, load));
    return verdict === "posted" ? 1 : 0;
  };
  const list = async (load: Load): Promise<number> => {
    const drafts = Array.from({ length: 50 }, () => transferBetween(wallets, load));
    const verdicts = await postEntriesAtOnce(db, drafts);
    return verdicts.filter(({ verdict }) => verdict === "posted").length;
  };
  return [
    { title: "one per commit, 16 connections", callers: 16, limitClients: 16, aim: null, call: one },
    { title: "one by one, grouped, 16 callers", callers: 16, limitClients: 16, aim: 1, call: grouped },
    { title: "one by one, grouped, 64 callers", callers: 64, limitClients: 64, aim: 1, call: grouped },
    { title: "lists of 50, 4 connections", callers: 4, limitClients: 16, aim: 3, call: list },
  ];
}
