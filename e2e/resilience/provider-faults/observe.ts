import { listSuspense } from "@/lib/ledger/suspense";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { CaseRun, ObservedCase, Row } from "./payment-kind";
import type { Script } from "./script";

const ENTRIES_MAX = 10_000;

export async function observe<S extends Script>({ database, book }: CaseRun<S>): Promise<ObservedCase<S>> {
  const rows = await database.owner<Row[]>`
    select o.reference, o.state, o.provider_reference is not null as "hasProviderReference",
      (extract(epoch from min(e.created_at) filter (where e.to_state = 'refunded')) * 1000)::float8 as "refundedAt",
      coalesce(bool_or(e.reason = 'reversed'), false) as "isReversal",
      coalesce(bool_or(e.to_state = 'conflict'), false) as "wasConflict"
    from operations o left join operation_events e on e.operation_id = o.id
    where o.reference = any(${[...book.records.keys()]}) group by o.id`;
  const deadLetters = await listDeadLetters(database.context());
  const suspense = await listSuspense(database.db, ENTRIES_MAX);
  return {
    payments: rows.flatMap((row) => {
      const record = book.records.get(row.reference);
      if (!record) return [];
      const about = deadLetters.filter(({ reference }) => book.ownerOf(reference) === record);
      return [{ ...row, record, reasons: about.map(({ why }) => why) }];
    }),
    suspense: suspense.map(({ source, amountMinor, currency }) => {
      return `${source.slice(0, source.indexOf(":"))} ${amountMinor} ${currency}`;
    }),
  };
}
