import { type Money, money } from "@/lib/money/money";
import { listProviders } from "@/lib/providers/registry";
import { type Context, requireSystem } from "@/lib/services/context";
import { HISTORY_MAX } from "./policy";
import { selectHistory, selectStanding, sumWaiting } from "./store";
import { type PayoutSwitchView, toSwitchView } from "./view";

export interface PayoutStatus {
  /** The switch of all, then one of each provider that is configured or was ever switched; `last` is null if never. */
  switches: { provider: string | null; isStopped: boolean; last: PayoutSwitchView | null }[];
  /** Withdrawals whose money is reserved and that no provider was handed yet. */
  waiting: { provider: string; count: number; total: Money }[];
  /** Newest first. */
  history: PayoutSwitchView[];
}

/** How the payout switches stand, what waits behind them, and who threw them. Throws `unauthenticated`. */
export async function getPayoutStatus(context: Context): Promise<PayoutStatus> {
  requireSystem(context);
  const standing = new Map((await selectStanding(context.db)).map((row) => [row.provider, row]));
  const configured = listProviders().map(({ name }) => name);
  const names = new Set<string | null>([null, ...configured, ...standing.keys()]);
  return {
    switches: [...names].map((provider) => {
      const row = standing.get(provider);
      return { provider, isStopped: row?.stopped ?? false, last: row ? toSwitchView(row) : null };
    }),
    waiting: (await sumWaiting(context.db)).map(({ provider, count, amountMinor, currency }) => ({
      provider,
      count,
      total: money(amountMinor, currency),
    })),
    history: (await selectHistory(context.db, HISTORY_MAX)).map(toSwitchView),
  };
}
