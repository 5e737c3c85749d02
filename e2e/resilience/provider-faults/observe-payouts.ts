import type { TestUser } from "@/e2e/support/people";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { ObservedPayout, PayoutSums } from "./check-payouts";
import { type MoneyDatabase, sumAccounts } from "./money-database";
import { PAYOUT_PROVIDER_NAMES } from "./payout-script";
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

/** Reads the withdrawals of a case from our database. */
export async function observePayouts(
  database: MoneyDatabase,
  book: PayoutsBook,
): Promise<(ObservedPayout & { reason: string | null })[]> {
  const references = [...book.payouts.keys()];
  const rows = await database.owner<Row[]>`
    select o.reference, o.state, o.reason, o.provider_reference is not null as "hasName",
      (extract(epoch from min(v.created_at) filter (where v.to_state = 'refunded')) * 1000)::text as refunded,
      coalesce(bool_or(v.reason = 'reversed'), false) as reversed,
      coalesce(bool_or(v.to_state = 'conflict'), false) as conflict
    from operations o join operation_events v on v.operation_id = o.id
    where o.reference = any(${references}) group by o.id`;
  const deadLetters = await listDeadLetters(database.context());
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
            reasons: deadLetters
              .filter((deadLetter) => deadLetter.reference === reference)
              .map(({ why }) => why),
          },
        ]
      : [];
  });
}

/** Reads the sums of a case from our ledger. */
export async function observeSums(
  database: MoneyDatabase,
  book: PayoutsBook,
  people: readonly TestUser[],
): Promise<Omit<PayoutSums, "fundedMinor">> {
  const cleared = new Map<string, bigint>();
  for (const payoutProvider of PAYOUT_PROVIDER_NAMES) {
    const [row] = await database.owner<{ sum: string }[]>`
      select coalesce(sum(ledger_balance(id)), 0)::text as sum from ledger_accounts
      where address like ${`clearing/${book.nameOf(payoutProvider)}/%`}`;
    cleared.set(payoutProvider, BigInt(row?.sum ?? 0));
  }
  return {
    cleared,
    availableMinor: await sumAccounts(database, people, "available"),
    heldMinor: await sumAccounts(database, people, "held"),
  };
}
