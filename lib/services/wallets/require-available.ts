import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { compare } from "@/lib/money/arithmetic";
import type { Money } from "@/lib/money/money";

/**
 * Refuses early what posting would refuse: throws `insufficient_funds`, with an issue on `amount`, when `needed` exceeds the
 * available balance. It reserves nothing.
 */
export async function requireAvailable(reader: Reader, walletId: bigint, needed: Money): Promise<void> {
  const [available] = await getBalances(reader, [chart.available(walletId, needed.currency)]);
  if (available && compare(available, needed) >= 0) return;
  throw new DomainError("insufficient_funds", {
    issues: [{ field: "amount", reason: "insufficient_funds", values: available ? { available } : {} }],
  });
}
