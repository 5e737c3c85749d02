import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { CaseRun, Observed, ObservedCase, Row, Sum } from "./payment-kind";
import { PROVIDER_NAMES, type ProviderName } from "./provider-kinds";
import type { Script } from "./script";

/** Reads the payments and sums of a case from our database. */
export async function observe<S extends Script>(run: CaseRun<S>): Promise<ObservedCase<S>> {
  const { database, book, people } = run;
  const { owner } = database;
  const rows = await owner<Row[]>`
    select o.reference, o.state, o.reason, o.provider_reference is not null as "hasProviderReference",
      c.credited::text, c.credits::int, (extract(epoch from v.refunded_at) * 1000)::text as "refundedAt",
      coalesce(v.is_reversal, false) as "isReversal", coalesce(v.was_conflict, false) as "wasConflict"
    from operations o
    cross join lateral (select coalesce(sum(p.amount), 0) as credited, count(*) as credits
      from ledger_entries e join ledger_postings p on p.entry_id = e.id
      where e.source = o.reference and e.step = 'credit') c
    cross join lateral (select min(created_at) filter (where to_state = 'refunded') as refunded_at,
        bool_or(reason = 'reversed') as is_reversal, bool_or(to_state = 'conflict') as was_conflict
      from operation_events where operation_id = o.id) v
    where o.reference = any(${[...book.records.keys()]})`;
  const sumOfWallets = async (account: "available" | "held"): Promise<bigint> => {
    const addresses = people.map(({ walletId }) => `wallet/${walletId}/XOF/${account}`);
    const [row] = await owner<{ sum: string }[]>`
      select coalesce(sum(balance), 0)::text as sum from ledger_accounts where address = any(${addresses})`;
    return BigInt(row?.sum ?? 0);
  };
  const deadLetters = await listDeadLetters(database.context());
  const payments = rows.flatMap(({ reference, credited, refundedAt, ...row }): Observed<S>[] => {
    const record = book.records.get(reference);
    if (!record) return [];
    const names = [reference, book.unknownReference(record.script)];
    const reasons = deadLetters.flatMap((one) => (names.includes(one.reference ?? "") ? [one.why] : []));
    const refunded = refundedAt === null ? null : Number(refundedAt);
    return [{ ...row, record, creditedMinor: BigInt(credited), refundedAt: refunded, reasons }];
  });
  return {
    payments,
    ...(await readSums(run)),
    suspenseReasons: deadLetters.filter(({ kind }) => kind === "suspense").map(({ why }) => why),
    availableMinor: await sumOfWallets("available"),
    heldMinor: await sumOfWallets("held"),
    waitingJobs: await database.pump.waiting(),
  };
}

async function readSums<S extends Script>({ database, book }: CaseRun<S>) {
  const { owner } = database;
  const names = PROVIDER_NAMES.map((provider) => book.nameOf(provider));
  const sumOf = ({
    name,
    currencyCode,
    amount,
  }: {
    name: string;
    currencyCode: string;
    amount: string;
  }): Sum => {
    const provider = PROVIDER_NAMES[names.indexOf(name)] as ProviderName;
    return { provider, currencyCode, amountMinor: BigInt(amount) };
  };
  const suspense = await owner<Parameters<typeof sumOf>[0][]>`
    select split_part(e.source, ':', 1) as name, p.currency as "currencyCode", p.amount::text
    from ledger_entries e join ledger_postings p on p.entry_id = e.id
    where e.step = 'suspense' and split_part(e.source, ':', 1) = any(${names})`;
  const cleared = await owner<Parameters<typeof sumOf>[0][]>`
    select split_part(address, '/', 2) as name, currency as "currencyCode", (-ledger_balance(id))::text as amount
    from ledger_accounts where address like 'clearing/%' and split_part(address, '/', 2) = any(${names})`;
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int from webhook_events where provider = any(${names})`;
  return { suspense: suspense.map(sumOf), cleared: cleared.map(sumOf), storedEvents: row?.count ?? 0 };
}
