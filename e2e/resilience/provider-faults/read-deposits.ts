import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { DepositSeen, DepositsSeen, Sum } from "./check-deposits";
import { type Collections, strangersReference } from "./collections";
import type { DepositScript } from "./deposit-script";
import { DIALECT_NAMES, type DialectName } from "./dialects";
import type { MoneyDatabase } from "./money-database";

interface Seen {
  index: number;
  reference: string;
}

/** Reads what our books say of the deposits of a case. */
export async function readDeposits(
  deployment: MoneyDatabase,
  book: Collections,
  played: readonly (Seen & { script: DepositScript })[],
  caseName: string,
): Promise<Pick<DepositsSeen, "deposits" | "suspense" | "suspenseLetters" | "cleared" | "storedEvents">> {
  const { owner } = deployment;
  const references = played.map(({ reference }) => reference);
  const operations = await owner<{ reference: string; state: string; credited: string; credits: number }[]>`
    select o.reference, o.state, coalesce(sum(m.amount), 0)::text as credited, count(m.amount)::int as credits
    from operations o left join ledger_entries e on e.source = o.reference and e.step = 'credit'
    left join ledger_postings m on m.entry_id = e.id
    where o.reference = any(${references}) group by o.reference, o.state`;
  const rows = new Map(operations.map((row) => [row.reference, row]));
  const letters = await listDeadLetters(deployment.context());
  const deposits = played.map(({ script, reference }): DepositSeen => {
    const row = rows.get(reference);
    const names = [reference, strangersReference(script, caseName)];
    return {
      script,
      state: row?.state ?? "nothing",
      creditedMinor: BigInt(row?.credited ?? 0),
      credits: row?.credits ?? 0,
      letters: letters.filter((letter) => names.includes(letter.reference ?? "")).map(({ why }) => why),
    };
  });
  return {
    deposits,
    suspense: await readSuspense(deployment, book),
    suspenseLetters: letters.filter(({ kind }) => kind === "suspense").map(({ why }) => why),
    cleared: await readCleared(deployment, book),
    storedEvents: await countEvents(deployment, book),
  };
}

function providersOf(book: Collections): { dialect: DialectName; provider: string }[] {
  return DIALECT_NAMES.map((dialect) => ({ dialect, provider: book.nameOf(dialect) }));
}

async function readSuspense({ owner }: MoneyDatabase, book: Collections): Promise<Sum[]> {
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

async function readCleared({ owner }: MoneyDatabase, book: Collections): Promise<Sum[]> {
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

async function countEvents({ owner }: MoneyDatabase, book: Collections): Promise<number> {
  const providers = providersOf(book).map(({ provider }) => provider);
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int as count from webhook_events where provider = any(${providers})`;
  return row?.count ?? 0;
}
