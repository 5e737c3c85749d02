import type { Reader } from "@/db/client";
import type { ClosedDayRange } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import {
  type AccountRange,
  findRanges,
  readRange,
  sizeOfRange,
  totalsOfRange,
} from "@/lib/ledger/account-range";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { TimeZone } from "@/lib/phone";
import { listByReference } from "../operations/list-by-reference";
import { type StatementLine, toLine } from "./line";
import { findHolder, findVaultName } from "./store";

/** Whose statement of which account, over which days of which zone. Its reader may see it: the verbs have checked that. */
export interface StatementSubject {
  userId: bigint;
  walletId: bigint;
  currency: Currency;
  /** A vault instead of the available balance. */
  vaultId: bigint | null;
  range: ClosedDayRange;
  /** The zone of its days and times: an IANA name. */
  zone: TimeZone;
}

/** A statement but for its lines. */
export interface Statement {
  subject: StatementSubject;
  /** First and last name, as the person wrote them. */
  holder: string;
  walletNumber: string;
  /** Null for a statement of the available balance. */
  vaultName: string | null;
  currency: Currency;
  opening: Money;
  closing: Money;
  /** What was reserved for withdrawals in flight when the last day ended; null for a vault. */
  reserved: Money | null;
  lineCount: bigint;
  madeAt: Date;
  accountRange: AccountRange;
}

/**
 * Fixes what a statement says, in one snapshot of the ledger: where its account stood when the first day began and when the last
 * one ended (or now, while it hasn't). Its lines are the postings between, which never change: {@link readLines}.
 */
export async function openStatement(
  reader: Reader,
  subject: StatementSubject,
  now: Date,
): Promise<Statement> {
  const { walletId, currency, vaultId, range } = subject;
  const accounts = accountsOf(subject);
  const [ranges, holder, vaultName] = await Promise.all([
    findRanges(reader, accounts, range),
    findHolder(reader, walletId),
    vaultId === null ? null : findVaultName(reader, walletId, vaultId),
  ]);
  const [accountRange, held] = ranges;
  if (!accountRange || !holder || (vaultId !== null && vaultName === null))
    throw new DomainError("not_found");
  return {
    subject,
    ...holder,
    vaultName,
    currency,
    opening: money(accountRange.openingMinor, currency),
    closing: money(accountRange.closingMinor, currency),
    reserved: held ? money(held.closingMinor, currency) : null,
    lineCount: sizeOfRange(accountRange),
    madeAt: now,
    accountRange,
  };
}

function accountsOf({ walletId, currency, vaultId }: StatementSubject): LedgerAccount[] {
  if (vaultId !== null) return [chart.vault(walletId, currency, vaultId)];
  return [chart.available(walletId, currency), chart.held(walletId, currency)];
}

/** What came in and went out. Reads every posting, in the database. */
export async function totalsOf(
  reader: Reader,
  { accountRange, currency }: Statement,
): Promise<{ totalIn: Money; totalOut: Money }> {
  const { inMinor, outMinor } = await totalsOfRange(reader, accountRange);
  return { totalIn: money(inMinor, currency), totalOut: money(outMinor, currency) };
}

/**
 * The lines of a statement, oldest first, a page of at most a thousand at a time. Throws InvariantError unless they lead from the
 * opening balance to the closing one.
 */
export async function* readLines(
  reader: Reader,
  { subject, accountRange }: Statement,
): AsyncGenerator<StatementLine[]> {
  for await (const rows of readRange(reader, accountRange)) {
    const references = [...new Set(rows.map(({ source }) => source))];
    const operations = await listByReference(reader, subject.walletId, references);
    yield rows.map((row) => toLine(row, operations.get(row.source) ?? null));
  }
}
