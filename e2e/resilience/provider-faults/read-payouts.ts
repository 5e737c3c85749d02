import type { TestUser } from "@/e2e/support/people";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { PayoutSeen, PayoutSums } from "./check-payouts";
import type { MoneyDatabase } from "./money-database";
import { PAYER_NAMES } from "./payout-script";
import type { PayoutsBook } from "./payouts-book";

interface Row {
  reference: string;
  state: string;
  reason: string | null;
  hasName: boolean;
  refunded: string | null;
  reversed: boolean;
  conflict: boolean;
}

/** Reads what our books say of each withdrawal of a case. */
export async function readPayouts(
  deployment: MoneyDatabase,
  book: PayoutsBook,
): Promise<(PayoutSeen & { reason: string | null })[]> {
  const references = [...book.payouts.keys()];
  const rows = await deployment.owner<Row[]>`
    select o.reference, o.state, o.reason, o.provider_reference is not null as "hasName",
      (extract(epoch from min(v.created_at) filter (where v.to_state = 'refunded')) * 1000)::text as refunded,
      coalesce(bool_or(v.reason = 'reversed'), false) as reversed,
      coalesce(bool_or(v.to_state = 'conflict'), false) as conflict
    from operations o join operation_events v on v.operation_id = o.id
    where o.reference = any(${references}) group by o.id`;
  const letters = await listDeadLetters(deployment.context());
  return rows.flatMap(({ reference, state, reason, hasName, refunded, reversed, conflict }) => {
    const payout = book.payouts.get(reference);
    return payout
      ? [
          {
            payout,
            state,
            reason,
            refundedAt: refunded === null ? null : Number(refunded),
            isReversal: reversed,
            wasConflict: conflict,
            hasProviderReference: hasName,
            letters: letters.filter((letter) => letter.reference === reference).map(({ why }) => why),
          },
        ]
      : [];
  });
}

/** Reads what our ledger says of the payers and the wallets of a case. */
export async function readSums(
  { owner }: MoneyDatabase,
  book: PayoutsBook,
  people: readonly TestUser[],
): Promise<Omit<PayoutSums, "fundedMinor">> {
  const cleared = new Map<string, bigint>();
  for (const payer of PAYER_NAMES) {
    const [row] = await owner<{ sum: string }[]>`
      select coalesce(sum(ledger_balance(id)), 0)::text as sum from ledger_accounts
      where address like ${`clearing/${book.nameOf(payer)}/%`}`;
    cleared.set(payer, BigInt(row?.sum ?? 0));
  }
  const sum = async (account: string): Promise<bigint> => {
    const addresses = people.map(({ walletId }) => `wallet/${walletId}/XOF/${account}`);
    const [row] = await owner<{ sum: string }[]>`
      select coalesce(sum(balance), 0)::text as sum from ledger_accounts where address = any(${addresses})`;
    return BigInt(row?.sum ?? 0);
  };
  return { cleared, availableMinor: await sum("available"), heldMinor: await sum("held") };
}
