import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { add, compare } from "@/lib/money/arithmetic";
import type { Money } from "@/lib/money/money";

/**
 * Says early what the reservation would say: `insufficient_funds` when amount and fee exceed what is available. It
 * reserves nothing, so whoever spends reserves all the same.
 */
export async function requireAvailable(
  reader: Reader,
  walletId: bigint,
  { amount, fee }: { amount: Money; fee: Money },
): Promise<void> {
  const [available] = await getBalances(reader, [chart.available(walletId, amount.currency)]);
  if (available && compare(available, add(amount, fee)) >= 0) return;
  throw new DomainError("insufficient_funds", {
    issues: [{ field: "amount", reason: "insufficient_funds", values: available ? { available } : {} }],
  });
}
