import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { ObservedDeposit, ObservedDeposits, Sum } from "./check-deposits";
import { type CollectionsBook, unknownReference } from "./collections-book";
import type { DepositScript } from "./deposit-script";
import { DIALECT_NAMES, type DialectName } from "./dialects";
import type { MoneyDatabase } from "./money-database";

interface RequestedDeposit {
  script: DepositScript;
  reference: string;
}

/** Reads the deposits of a case from our database. */
export async function observeDeposits(
  database: MoneyDatabase,
  book: CollectionsBook,
  requested: readonly RequestedDeposit[],
  caseName: string,
): Promise<Pick<ObservedDeposits, "deposits" | "suspense" | "suspenseReasons" | "cleared" | "storedEvents">> {
  const { owner } = database;
  const references = requested.map(({ reference }) => reference);
  const operations = await owner<{ reference: string; state: string; credited: string; credits: number }[]>`
    select o.reference, o.state, coalesce(sum(m.amount), 0)::text as credited, count(m.amount)::int as credits
    from operations o left join ledger_entries e on e.source = o.reference and e.step = 'credit'
    left join ledger_postings m on m.entry_id = e.id
    where o.reference = any(${references}) group by o.reference, o.state`;
  const rows = new Map(operations.map((row) => [row.reference, row]));
  const deadLetters = await listDeadLetters(database.context());
  const deposits = requested.map(({ script, reference }): ObservedDeposit => {
    const row = rows.get(reference);
    const names = [reference, unknownReference(script, caseName)];
    return {
      script,
      state: row?.state ?? "nothing",
      creditedMinor: BigInt(row?.credited ?? 0),
      credits: row?.credits ?? 0,
      reasons: deadLetters
        .filter((deadLetter) => names.includes(deadLetter.reference ?? ""))
        .map(({ why }) => why),
    };
  });
  return {
    deposits,
    suspense: await readSuspense(database, book),
    suspenseReasons: deadLetters.filter(({ kind }) => kind === "suspense").map(({ why }) => why),
    cleared: await readCleared(database, book),
    storedEvents: await countEvents(database, book),
  };
}

function providersOf(book: CollectionsBook): { dialect: DialectName; provider: string }[] {
  return DIALECT_NAMES.map((dialect) => ({ dialect, provider: book.nameOf(dialect) }));
}

async function readSuspense({ owner }: MoneyDatabase, book: CollectionsBook): Promise<Sum[]> {
  const sums: Sum[] = [];
  for (const { dialect, provider } of providersOf(book)) {
    const rows = await owner<{ currency: string; amount: string }[]>`
      select m.currency, m.amount::text as amount from ledger_entries e join ledger_postings m on m.entry_id = e.id
      where e.step = 'suspense' and e.source like ${`${provider}:%`}`;
    for (const { currency, amount } of rows)
      sums.push({ dialect, currencyCode: currency, amountMinor: BigInt(amount) });
  }
  return sums;
}

async function readCleared({ owner }: MoneyDatabase, book: CollectionsBook): Promise<Sum[]> {
  const sums: Sum[] = [];
  for (const { dialect, provider } of providersOf(book)) {
    const rows = await owner<{ currency: string; amount: string }[]>`
      select currency, (-ledger_balance(id))::text as amount from ledger_accounts
      where address like ${`clearing/${provider}/%`}`;
    for (const { currency, amount } of rows)
      sums.push({ dialect, currencyCode: currency, amountMinor: BigInt(amount) });
  }
  return sums;
}

async function countEvents({ owner }: MoneyDatabase, book: CollectionsBook): Promise<number> {
  const providers = providersOf(book).map(({ provider }) => provider);
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int as count from webhook_events where provider = any(${providers})`;
  return row?.count ?? 0;
}
