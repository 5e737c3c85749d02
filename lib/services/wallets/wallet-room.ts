import type { Reader } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";

/** What the wallet of an identified person may hold: the BCEAO's instruction 008-05-2015. */
const CEILINGS: Readonly<Partial<Record<Currency, bigint>>> = { XOF: 2_000_000n };

/** The most that a wallet may hold, in minor units; null without a limit. The one place that says it. */
export const ceilingOf = (currency: Currency): bigint | null => CEILINGS[currency] ?? null;

/** How much more a wallet may hold now, negative for one that holds more than it may; null without a limit. Nothing is locked. */
export async function roomInWallet(
  reader: Reader,
  walletId: bigint,
  currency: Currency,
): Promise<bigint | null> {
  const ceiling = ceilingOf(currency);
  if (ceiling === null) return null;
  const [balance] = await getBalances(reader, [chart.available(walletId, currency)]);
  return ceiling - (balance?.amountMinor ?? 0n);
}
