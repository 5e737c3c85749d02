import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import type { Period } from "../balance-history/periods";
import { type BalanceHistory, readBalanceHistory } from "../balance-history/read-balance-history";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "./get-wallet";

/** The available balance of the signed-in user's wallet over a period, in the days of `zone`. Throws `unauthenticated`. */
export async function getBalanceHistory(
  context: Context,
  input: { currency: Currency; period: Period; zone: string },
): Promise<BalanceHistory> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  return await readBalanceHistory(context, chart.available(wallet.id, input.currency), input);
}
