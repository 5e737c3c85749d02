import type { Reader } from "@/db/client";
import { invariant } from "@/lib/invariant";
import type { LedgerAccount } from "./chart";
import { readPostingsBetween, readRanges, type StatementRow, sumBetween } from "./range-store";

export type { StatementRow };

/** What happened to a materialized account between two instants: all versions above the opening's, up to the closing's. */
export interface AccountRange {
  account: LedgerAccount;
  openingVersion: bigint;
  openingMinor: bigint;
  closingVersion: bigint;
  closingMinor: bigint;
}

/** Postings of one page. */
const PAGE_SIZE = 1_000n;

/**
 * What happened to each of these accounts from `since` on and before `before`, in one snapshot. Postings never change and
 * versions have no gap, so what is read of a range later, page by page, belongs to the same snapshot however much money moves
 * meanwhile. An account that was never opened has an empty range.
 */
export async function findRanges(
  reader: Reader,
  accounts: readonly LedgerAccount[],
  { since, before }: { since: Date; before: Date },
): Promise<AccountRange[]> {
  invariant(
    accounts.every(({ minimumBalance }) => minimumBalance !== null),
    "derived accounts have no versions",
  );
  const rows = await readRanges(
    reader,
    accounts.map(({ address }) => address),
    { since, before },
  );
  return accounts.map((account) => ({ account, ...(rows.get(account.address) ?? EMPTY) }));
}

const EMPTY = { openingVersion: 0n, openingMinor: 0n, closingVersion: 0n, closingMinor: 0n };

/** How many postings a range has. */
export const sizeOfRange = ({ openingVersion, closingVersion }: AccountRange): bigint =>
  closingVersion - openingVersion;

/** What came into the account and what left it within a range. Reads each of its postings. */
export async function totalsOfRange(
  reader: Reader,
  range: AccountRange,
): Promise<{ inMinor: bigint; outMinor: bigint }> {
  if (sizeOfRange(range) === 0n) return { inMinor: 0n, outMinor: 0n };
  const totals = await sumBetween(reader, range.account.address, range.openingVersion, range.closingVersion);
  invariant(
    range.openingMinor + totals.inMinor - totals.outMinor === range.closingMinor,
    "a range opens with what was there, and closes with what is left",
  );
  return totals;
}

/**
 * The postings of a range, oldest first, a page at a time: memory and locks are those of one page. Throws InvariantError when they don't
 * follow from each other, or don't end with the closing balance.
 */
export async function* readRange(reader: Reader, range: AccountRange): AsyncGenerator<StatementRow[]> {
  let { openingVersion: version, openingMinor: balance } = range;
  while (version < range.closingVersion) {
    const last = version + PAGE_SIZE < range.closingVersion ? version + PAGE_SIZE : range.closingVersion;
    const rows = await readPostingsBetween(reader, range.account.address, version, last);
    for (const row of rows) {
      version += 1n;
      balance += row.signedAmount;
      invariant(
        row.version === version && row.balanceAfter === balance,
        "each posting follows from the last one",
      );
    }
    invariant(version === last, "versions have no gap");
    yield rows;
  }
  invariant(balance === range.closingMinor, "a range ends with its closing balance");
}
